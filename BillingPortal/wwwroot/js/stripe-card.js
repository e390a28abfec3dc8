// Wraps Stripe.js for the pages: mounts the Payment Element, confirms payments and setups, finishes 3-D Secure, and keeps a
// purchase's attempt key across reloads. Card data stays between the browser and Stripe; nothing of it passes through here.

let loading;
const mounted = new Map();
let handles = 0;

function load(jsUrl, publishableKey) {
  loading ??= new Promise((resolve, reject) => {
    if (window.Stripe) {
      resolve();
      return;
    }
    const script = document.createElement("script");
    script.src = jsUrl;
    script.onload = () => resolve();
    script.onerror = () => {
      loading = undefined;
      script.remove();
      reject(new Error("Stripe.js could not be loaded."));
    };
    document.head.append(script);
  }).then(() => window.Stripe(publishableKey));
  return loading;
}

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The Element lives in a frame of Stripe's and cannot see our style sheets: it is told the colours.
function appearance() {
  return {
    theme: document.documentElement.dataset.theme === "dark" ? "night" : "stripe",
    variables: {
      colorPrimary: style("--bp-accent"),
      colorBackground: style("--bp-surface"),
      colorText: style("--bp-ink"),
      colorTextSecondary: style("--bp-ink-2"),
      colorDanger: style("--bp-bad"),
      borderRadius: "8px",
      fontFamily: getComputedStyle(document.body).fontFamily,
    },
  };
}

function plain(error) {
  return error
    ? { code: error.decline_code ?? error.code ?? error.type ?? "error", message: error.type === "validation_error" ? error.message : null }
    : null;
}

// Whatever the browser says here is a hint for the page; the outcome is read from the server.
function answer(result, intent) {
  return { status: intent?.status ?? null, error: plain(result.error) };
}

async function guarded(action) {
  try {
    return await action();
  } catch (error) {
    return { status: null, error: { code: "browser_error", message: null, detail: String(error) } };
  }
}

const methods = allowBank => allowBank ? ["card", "us_bank_account"] : ["card"];

/** Mounts the Payment Element. `page` hears CardChanged(isComplete, method) and CardFailed(). Returns a handle, or 0 when it cannot. */
export async function mount(target, page, options) {
  let stripe;
  try {
    stripe = await load(options.jsUrl, options.publishableKey);
  } catch {
    return 0;
  }
  // What is paid without leaving this page: cards, wallets (which are cards), and bank accounts where they are offered.
  const setup = {
    mode: options.mode, currency: options.currency, appearance: appearance(),
    allowedPaymentMethodTypes: methods(options.allowBank),
  };
  if (options.mode === "payment") {
    setup.amount = options.amount;
    if (options.saveCard) {
      setup.setupFutureUsage = "off_session";
    }
  } else {
    setup.setupFutureUsage = "off_session";
  }
  const elements = stripe.elements(setup);
  const element = elements.create("payment", {
    layout: "tabs", wallets: { applePay: "auto", googlePay: "auto" },
  });
  element.on("change", event => page.invokeMethodAsync("CardChanged", event.complete === true, event.value?.type ?? "card").catch(() => {}));
  element.on("loaderror", () => page.invokeMethodAsync("CardFailed").catch(() => {}));
  element.mount(target);

  // The Element follows a change between light and dark.
  const watcher = new MutationObserver(() => elements.update({ appearance: appearance() }));
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  handles += 1;
  mounted.set(handles, { stripe, elements, element, watcher });
  return handles;
}

export function update(handle, amount, saveCard, allowBank) {
  mounted.get(handle)?.elements.update({
    amount, setupFutureUsage: saveCard ? "off_session" : null, allowedPaymentMethodTypes: methods(allowBank),
  });
}

export function unmount(handle) {
  const card = mounted.get(handle);
  mounted.delete(handle);
  card?.watcher.disconnect();
  card?.element.destroy();
}

/** Checks the fields; must come before the server makes the intent. */
export function submit(handle) {
  return guarded(async () => answer(await mounted.get(handle).elements.submit(), null));
}

export function confirmPayment(handle, clientSecret, returnUrl) {
  return guarded(async () => {
    const { stripe, elements } = mounted.get(handle);
    const result = await stripe.confirmPayment({
      elements, clientSecret, confirmParams: { return_url: returnUrl }, redirect: "if_required",
    });
    return answer(result, result.paymentIntent);
  });
}

export function confirmSetup(handle, clientSecret, returnUrl) {
  return guarded(async () => {
    const { stripe, elements } = mounted.get(handle);
    const result = await stripe.confirmSetup({
      elements, clientSecret, confirmParams: { return_url: returnUrl }, redirect: "if_required",
    });
    return answer(result, result.setupIntent);
  });
}

/** Finishes 3-D Secure of an intent that the server confirmed. */
export function nextAction(jsUrl, publishableKey, clientSecret) {
  return guarded(async () => {
    const stripe = await load(jsUrl, publishableKey);
    const result = await stripe.handleNextAction({ clientSecret });
    return answer(result, result.paymentIntent);
  });
}

/** Confirms, with the customer present, an intent whose card asked for it off session. */
export function confirmWithCard(jsUrl, publishableKey, clientSecret, paymentMethodId, returnUrl) {
  return guarded(async () => {
    const stripe = await load(jsUrl, publishableKey);
    const result = await stripe.confirmPayment({
      clientSecret, confirmParams: { payment_method: paymentMethodId, return_url: returnUrl }, redirect: "if_required",
    });
    return answer(result, result.paymentIntent);
  });
}

export function print() {
  window.print();
}

export function remember(key, value) {
  try {
    if (value === null) {
      sessionStorage.removeItem(key);
    } else {
      sessionStorage.setItem(key, value);
    }
  } catch {
    // Without storage a reload starts anew; the attempt itself is safe on the server.
  }
}

export function recall(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

// The stand-in for Stripe.js: the same interface, spoken to this sandbox instead of Stripe.
const origin = new URL(document.currentScript.src).origin;

/** Calls the sandbox's Stripe with a publishable key; never throws: a lost connection is an error object as well. */
async function callStripe(key, method, path, parameters = {}) {
  const form = new URLSearchParams();
  append(form, "", parameters);
  const isGet = method === "GET";
  try {
    const response = await fetch(`${origin}/stripe/v1/${path}${isGet ? `?${form}` : ""}`, {
      method,
      headers: { Authorization: `Bearer ${key}` },
      body: isGet ? undefined : form,
    });
    return await response.json();
  } catch {
    return {
      error: {
        type: "api_connection_error",
        message: "We could not reach the payment provider. Check your connection and try again.",
      },
    };
  }
}

/** Unfolds objects into Stripe's brackets: {card: {cvc: 1}} becomes card[cvc]=1. */
function append(form, prefix, value) {
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined || inner === null) continue;
    const path = prefix ? `${prefix}[${name}]` : name;
    if (typeof inner === "object") append(form, path, inner);
    else form.append(path, String(inner));
  }
}

const idOf = clientSecret => String(clientSecret).split("_secret_")[0];
const isSetup = clientSecret => String(clientSecret).startsWith("seti_");
const pathOf = clientSecret => `${isSetup(clientSecret) ? "setup_intents" : "payment_intents"}/${idOf(clientSecret)}`;

/** {paymentIntent} or {setupIntent} or {error}, as Stripe.js answers. */
function resultOf(answer) {
  if (answer.error) return { error: answer.error };
  return answer.object === "setup_intent" ? { setupIntent: answer } : { paymentIntent: answer };
}

/** A mistake of the page's programmer, as Stripe.js throws it. */
function integrationError(message) {
  const error = new Error(message);
  error.name = "IntegrationError";
  return error;
}


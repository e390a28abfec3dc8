/** The Payment Element: the form of the chosen way to pay in the page's own div, with the events that pages listen to. */
class PaymentElement {
  constructor(elements, options = {}) {
    this.elements = elements;
    this.listeners = { ready: [], change: [], loaderror: [], focus: [], blur: [], escape: [], loaderstart: [] };
    this.form = new MethodForm(elements.options, this.wallets(options), () => this.tellChange());
  }

  mount(target) {
    const place = typeof target === "string" ? document.querySelector(target) : target;
    if (!place) throw integrationError(`The selector you specified (${target}) applies to no DOM elements that are currently on the page.`);
    place.replaceChildren(this.form.root);
    this.load();
    return this;
  }

  /** An element shows up only for an intent that exists. */
  async load() {
    const { clientSecret } = this.elements.options;
    if (clientSecret) {
      const intent = await callStripe(this.elements.key, "GET", pathOf(clientSecret), { client_secret: clientSecret });
      if (intent.error) {
        this.tell("loaderror", { elementType: "payment", error: intent.error });
        return;
      }
    }

    await null; // listeners that are added right after mount() hear it as well
    this.tell("ready", { elementType: "payment" });
  }

  on(name, listener) {
    this.listeners[name]?.push(listener);
    return this;
  }

  once(name, listener) {
    const wrapper = event => { this.off(name, wrapper); listener(event); };
    return this.on(name, wrapper);
  }

  off(name, listener) {
    if (this.listeners[name]) this.listeners[name] = this.listeners[name].filter(one => listener && one !== listener);
    return this;
  }

  update() { return this; }

  /** Wallets show for payments, unless the page says never. */
  wallets({ wallets = {} }) {
    const isPayment = this.elements.options.mode !== "setup" && !isSetup(this.elements.options.clientSecret ?? "");
    return [["apple_pay", wallets.applePay], ["google_pay", wallets.googlePay]]
      .filter(([, wish]) => isPayment && wish !== "never").map(([type]) => type);
  }

  focus() { this.form.focus(); }

  blur() { document.activeElement?.blur(); }

  clear() { this.form.clear(); }

  collapse() { return this; }

  unmount() { this.form.root.remove(); }

  destroy() {
    this.unmount();
    this.elements.payment = null;
  }

  tell(name, event) { for (const listener of [...this.listeners[name]]) listener(event); }

  tellChange() {
    this.elements.submitted = false;
    this.tell("change", { elementType: "payment", complete: this.form.isComplete, empty: this.form.isEmpty,
      collapsed: false, value: { type: this.form.type } });
  }
}

/** One payment's elements, with an intent's client secret or, deferred, with mode, amount and currency. */
class Elements {
  constructor(key, options = {}) {
    if (!options.clientSecret && !options.mode) throw integrationError("In order to create a payment element, you must pass a clientSecret or a mode.");
    if (options.mode === "payment" && !(Number.isInteger(options.amount) && options.currency)) {
      throw integrationError("elements() in mode payment needs an integer amount and a currency.");
    }

    this.key = key;
    this.options = options;
    this.payment = null;
    this.submitted = false;
  }

  get isDeferred() { return !this.options.clientSecret; }

  create(type, options) {
    if (type !== "payment") throw integrationError(`The sandbox offers the element payment, not ${type}.`);
    if (this.payment) throw integrationError("Can only create one Element of type payment.");
    return this.payment = new PaymentElement(this, options);
  }

  getElement(type) { return type === "payment" ? this.payment : null; }

  update(options) {
    Object.assign(this.options, options);
    if (options.appearance) this.payment?.form.dress(options.appearance);
    if (options.allowedPaymentMethodTypes) this.payment?.form.allow(options.allowedPaymentMethodTypes);
  }

  async fetchUpdates() { return {}; }

  /** Checks the form; before a deferred confirmation it must be called right from the button. */
  async submit() {
    if (!this.payment) throw integrationError("elements.submit() needs a mounted payment element.");
    const problem = this.payment.form.validate();
    this.submitted = !problem;
    return problem ? { error: problem } : { selectedPaymentMethod: this.payment.form.type };
  }

  /** What the element was told must be what the server made. */
  mismatch(intent) {
    const { mode, amount, currency, setupFutureUsage } = this.options;
    if (!this.isDeferred || mode !== "payment" || intent.object !== "payment_intent") return null;
    const differs = amount !== intent.amount ? "amount"
      : currency !== intent.currency ? "currency"
        : (setupFutureUsage ?? null) !== intent.setup_future_usage ? "setup_future_usage" : null;
    return differs && { type: "invalid_request_error", code: "payment_intent_invalid_parameter", param: differs,
      message: `The ${differs} of the Payment Element and of the PaymentIntent differ.` };
  }
}


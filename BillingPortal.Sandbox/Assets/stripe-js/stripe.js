/** What Stripe(key) returns: the part of Stripe.js that the portal uses. */
class StripeClient {
  constructor(key) {
    if (!String(key).startsWith("pk_")) throw integrationError("Stripe(key): the key must be a publishable key (pk_…).");
    this.key = key;
  }

  elements(options) { return new Elements(this.key, options); }

  confirmPayment(options) { return this.confirm(options, "payment_intent"); }

  confirmSetup(options) { return this.confirm(options, "setup_intent"); }

  async handleNextAction({ clientSecret }) {
    return followNextAction(this.key, await this.read(clientSecret), clientSecret);
  }

  async retrievePaymentIntent(clientSecret) { return resultOf(await this.read(clientSecret)); }

  async retrieveSetupIntent(clientSecret) { return resultOf(await this.read(clientSecret)); }

  async createPaymentMethod({ elements, params }) {
    const problem = elements.payment.form.validate();
    if (problem) return { error: problem };
    const made = await callStripe(this.key, "POST", "payment_methods",
      { billing_details: params?.billing_details, ...elements.payment.form.parameters });
    if (made.error) elements.payment.form.showRefusal(made.error);
    return made.error ? { error: made.error } : { paymentMethod: made };
  }

  async confirm({ elements, clientSecret, confirmParams = {}, redirect = "always" }, object) {
    const secret = clientSecret ?? elements?.options.clientSecret;
    if (!secret) throw integrationError("Pass the clientSecret of the intent, or elements that were made with it.");
    if (redirect !== "if_required" && !confirmParams.return_url) {
      throw integrationError("confirmParams.return_url is required unless redirect is 'if_required'.");
    }
    if (elements?.isDeferred && !elements.submitted) {
      throw integrationError("elements.submit() must be called before the payment is confirmed.");
    }

    const card = await this.cardFor(elements, secret, confirmParams);
    if (card.error) return card;
    const confirmed = await callStripe(this.key, "POST", `${pathOf(secret)}/confirm`, {
      client_secret: secret,
      payment_method: card.id,
      return_url: confirmParams.return_url,
      use_stripe_sdk: true,
    });
    const result = await followNextAction(this.key, confirmed, secret);
    if (result.error || redirect === "if_required") return result;
    return leave(confirmParams.return_url, object, secret);
  }

  /** The id of the card or account that pays: a saved one, or what was typed. */
  async cardFor(elements, secret, confirmParams) {
    if (!elements) return { id: confirmParams.payment_method };
    const intent = await this.read(secret);
    const problem = intent.error ?? elements.mismatch(intent);
    if (problem) return { error: problem };
    const made = await this.createPaymentMethod(
      { elements, params: { billing_details: confirmParams.payment_method_data?.billing_details } });
    return made.error ? made : { id: made.paymentMethod.id };
  }

  read(clientSecret) { return callStripe(this.key, "GET", pathOf(clientSecret), { client_secret: clientSecret }); }
}

/** Goes to the return address; the page that asked never hears of it again. */
function leave(returnUrl, object, secret) {
  const url = new URL(returnUrl);
  url.searchParams.set(object, idOf(secret));
  url.searchParams.set(`${object}_client_secret`, secret);
  url.searchParams.set("redirect_status", "succeeded");
  location.href = url;
  return new Promise(() => {});
}

window.Stripe = Object.assign(key => new StripeClient(key), { version: "sandbox" });

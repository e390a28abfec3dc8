// The hosted payment page: takes the card through the stand-in form, pays, and goes to the shop's success address.
const form = document.getElementById("checkout");
if (form) {
  const { session, amount, currency, key } = form.dataset;
  const stripe = Stripe(key);
  const elements = stripe.elements({ mode: "payment", amount: Number(amount), currency });
  elements.create("payment").mount("#card");
  const button = document.getElementById("pay");
  const label = button.textContent;

  form.addEventListener("submit", async event => {
    event.preventDefault();
    busy(true);
    try {
      await pay();
    } catch {
      show("The payment page could not reach the sandbox. Try again.");
    } finally {
      busy(false);
    }
  });

  async function pay() {
    show("");
    const email = document.getElementById("email");
    if (email && !email.checkValidity()) {
      email.focus();
      show("Enter your email address.");
      return;
    }

    const card = await elements.submit();
    const made = card.error ? card : await stripe.createPaymentMethod({ elements });
    if (made.error) {
      show(made.error.message);
      return;
    }

    const response = await fetch(`/checkout/${session}/pay`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        paymentMethod: made.paymentMethod.id,
        email: email?.value || null,
        save: document.getElementById("save")?.checked ?? false,
      }),
    });
    const intent = await response.json();
    const done = intent.error ? intent : await stripe.handleNextAction({ clientSecret: intent.client_secret });
    if (done.error) {
      show(done.error.message);
      return;
    }

    await goBack();
  }

  // A payment in processing is not complete yet: wait for it as long as a person would.
  async function goBack() {
    for (let attempt = 0; attempt < 40; attempt++) {
      const state = await (await fetch(`/checkout/${session}/state`)).json();
      if (state.status === "complete") {
        location.href = state.returnUrl;
        return;
      }
      await new Promise(resume => setTimeout(resume, 500));
    }
    show("Your payment is still being processed. You can close this page.");
  }

  function show(message) {
    const problem = document.getElementById("problem");
    problem.textContent = message;
    problem.hidden = !message;
  }

  function busy(isBusy) {
    button.disabled = isBusy;
    button.textContent = isBusy ? "Processing…" : label;
  }
}

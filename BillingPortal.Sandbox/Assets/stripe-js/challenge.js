const challengeStyles = `
dialog.sandbox-challenge { border:0; border-radius:12px; padding:24px; width:min(400px, calc(100vw - 32px));
  box-sizing:border-box; color:#1a2230; background:#fff; font:16px/1.5 system-ui, sans-serif;
  box-shadow:0 20px 60px rgb(0 0 0 / .35); }
dialog.sandbox-challenge::backdrop { background:rgb(10 15 25 / .6); }
dialog.sandbox-challenge h2 { font-size:20px; line-height:1.3; margin:0 0 8px; color:inherit; }
dialog.sandbox-challenge p { margin:0 0 16px; color:inherit; }
dialog.sandbox-challenge .sc-buttons { display:flex; gap:12px; flex-wrap:wrap; }
dialog.sandbox-challenge button { flex:1 1 120px; min-height:44px; border-radius:8px; font:inherit; font-weight:600;
  cursor:pointer; border:1px solid #0a6ebd; background:#0a6ebd; color:#fff; }
dialog.sandbox-challenge button.sc-quiet { background:transparent; color:#0a5a9c; }
dialog.sandbox-challenge button:focus-visible { outline:3px solid #7fc0f5; outline-offset:2px; }
@media (prefers-color-scheme:dark) {
  dialog.sandbox-challenge { color:#e7ecf3; background:#1d2634; }
  dialog.sandbox-challenge button { border-color:#6cb6ff; background:#6cb6ff; color:#0b1320; }
  dialog.sandbox-challenge button.sc-quiet { background:transparent; color:#9fd0ff; } }
`;

/** The bank's challenge in place: resolves to "complete" or "fail"; closing it is a failure, as at a bank. */
function askAtTheBank(intent) {
  wear(challengeStyles);
  const dialog = document.createElement("dialog");
  dialog.className = "sandbox-challenge";
  dialog.setAttribute("aria-labelledby", "challenge-title");
  dialog.innerHTML = `
    <h2 id="challenge-title">3-D Secure: your bank asks</h2>
    <p id="challenge-text"></p>
    <div class="sc-buttons">
      <button type="button" id="challenge-complete">Complete</button>
      <button type="button" id="challenge-fail" class="sc-quiet">Fail</button>
    </div>`;
  const what = intent.object === "setup_intent"
    ? "Do you allow this card to be saved for later payments?"
    : `Do you allow the payment of ${money(intent)}?`;
  dialog.querySelector("#challenge-text").textContent =
    `${what} A real bank would ask for a code here; in the sandbox you decide.`;
  document.body.append(dialog);
  return new Promise(decided => {
    const end = outcome => {
      dialog.close();
      dialog.remove();
      decided(outcome);
    };
    dialog.querySelector("#challenge-complete").addEventListener("click", () => end("complete"));
    dialog.querySelector("#challenge-fail").addEventListener("click", () => end("fail"));
    dialog.addEventListener("cancel", event => {
      event.preventDefault();
      end("fail");
    });
    dialog.showModal();
  });
}

const money = intent => new Intl.NumberFormat("en-US", { style: "currency", currency: intent.currency.toUpperCase() })
  .format(intent.amount / 100);

/** Takes an intent through its challenge, if it asks for one, to {paymentIntent}, {setupIntent} or {error}. */
async function followNextAction(key, intent, clientSecret) {
  if (intent.error || intent.status !== "requires_action") return resultOf(intent);
  if (intent.next_action?.type === "redirect_to_url") {
    location.href = intent.next_action.redirect_to_url.url;
    return new Promise(() => {});
  }

  const outcome = await askAtTheBank(intent);
  const after = await callStripe(key, "POST", "sandbox/challenge", { client_secret: clientSecret, outcome });
  const problem = after.last_payment_error ?? after.last_setup_error;
  if (after.status === "requires_payment_method" && problem) {
    return { error: { ...problem, [after.object]: after } };
  }

  return resultOf(after);
}


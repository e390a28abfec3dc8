// The bank's page: tells the sandbox how the person decided and goes back to the shop, as a bank does.
const page = document.getElementById("challenge");
const query = new URLSearchParams(location.search);
const secret = query.get("client_secret") ?? "";

async function decide(outcome) {
  const response = await fetch("/stripe/v1/sandbox/challenge", {
    method: "POST",
    headers: { Authorization: `Bearer ${page.dataset.key}` },
    body: new URLSearchParams({ client_secret: secret, outcome }),
  });
  const answer = await response.json();
  const intent = answer.error?.payment_intent ?? answer.error?.setup_intent ?? answer;
  const back = query.get("return_url");
  if (!back || !intent.object) {
    const problem = document.getElementById("problem");
    problem.textContent = answer.error?.message ?? "Done. You can close this page.";
    problem.hidden = false;
    return;
  }

  const url = new URL(back);
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, secret);
  url.searchParams.set("redirect_status", intent.status === "succeeded" ? "succeeded" : "failed");
  location.href = url;
}

document.getElementById("challenge-complete").addEventListener("click", () => decide("complete"));
document.getElementById("challenge-fail").addEventListener("click", () => decide("fail"));

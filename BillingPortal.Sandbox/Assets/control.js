// The control page: shows what the providers did and turns their switches. Re-reads every two seconds.
const $ = id => document.getElementById(id);
const shown = {};
const panels = [];
let held = false;
let openMail = null;

async function call(path, body) {
  const response = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

/** Runs a person's action; what failed stays on the page until the next one succeeds. */
async function act(done, action) {
  try {
    await action();
    $("problem").hidden = true;
    $("done").textContent = done;
    await refresh();
  } catch (failure) {
    $("problem").textContent = failure.message;
    $("problem").hidden = false;
  }
}

/** Builds an element; text is always text, never HTML. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

/** Rebuilds a part only when its data changed, so that focus and scrolling stay. */
function draw(name, data, build) {
  const text = JSON.stringify(data);
  if (shown[name] === text) return;
  shown[name] = text;
  build(data);
}

const when = iso => new Date(iso).toISOString().replace("T", " ").slice(0, 19);
const dollars = cents => `$${(cents / 100).toFixed(2)}`;
const badge = (text, kind = "") => make("span", { class: `badge ${kind}` }, text);
const kinds = { delivered: "good", failed: "bad", undelivered: "bad", delivery_delayed: "warn", bounced: "bad", complained: "bad", dropped: "warn", held: "warn", suppressed: "warn" };

async function refresh() {
  const data = await call("/control/overview");
  $("now").textContent = `${when(data.clock.now)} UTC`;
  $("now").dateTime = data.clock.now;
  $("offset").textContent = offsetText(data.clock.offsetSeconds);
  draw("settings", data.settings, drawSettings);
  draw("faults", data.faults, drawFaults);
  draw("events", data.events, drawEvents);
  draw("emails", data.emails, drawMails);
  draw("cards", data.cards, drawCards);
  draw("processing", data.processing, drawProcessing);
  draw("suppressions", data.suppressions, drawSuppressions);
  await Promise.all(panels.map(panel => panel()));
}

function offsetText(seconds) {
  if (!Number(seconds)) return "is the system time";
  const days = Math.abs(seconds) / 86400;
  const amount = days >= 1 ? `${days.toFixed(1)} days` : `${(days * 24).toFixed(1)} hours`;
  return `${amount} ${seconds > 0 ? "ahead of" : "behind"} the system time`;
}

function drawSettings(settings) {
  held = settings.hold;
  $("hold").textContent = held ? "Release held webhooks" : "Hold webhooks";
  $("portal").hidden = !settings.portalUrl;
  $("portal").href = settings.portalUrl;
  $("rules").replaceChildren(...settings.rules.map(rule => make("li", {},
    `${rule.count} × ${rule.mode} for ${rule.type}${rule.mode === "delay" ? `, ${rule.milliseconds} ms` : ""}`)));
}

function drawFaults(faults) {
  $("fault-list").replaceChildren(...faults.map(fault => make("li", {},
    make("span", {}, `${fault.provider}: ${fault.kind.replaceAll("_", " ")}, ${fault.count ?? "all"} calls`
      + `${fault.path ? ` on ${fault.path}` : ""}${fault.milliseconds ? `, ${fault.milliseconds} ms` : ""}`),
    make("button", { type: "button", class: "small quiet", onclick: () => act("Fault switched off", () =>
      fetch(`/control/faults/${fault.id}`, { method: "DELETE" })) }, "Switch off"))));
  if (!faults.length) $("fault-list").replaceChildren(make("li", {}, "No fault is switched on."));
}

function drawEvents(events) {
  $("event-count").textContent = events.length ? `${events.length} latest` : "";
  const rows = events.map(event => make("tr", {},
    make("td", { "data-label": "Time", class: "figure" }, when(event.at)),
    make("td", { "data-label": "Event" }, make("strong", {}, event.type), make("div", { class: "muted" }, event.provider)),
    make("td", { "data-label": "Object" }, make("code", {}, event.subject)),
    make("td", { "data-label": "Webhook" }, badge(event.state ?? "nobody listens", kinds[event.state]),
      event.attempts ? ` ${event.attempts} × – ${event.lastAnswer}` : ""),
    make("td", { class: "actions" },
      make("button", { type: "button", class: "small quiet", "aria-label": `Show ${event.type}`, onclick: () => showEvent(event) }, "Show"), " ",
      event.state && make("button", { type: "button", class: "small quiet", "aria-label": `Resend ${event.type}`,
        onclick: () => act("Sent again", () => call(`/control/events/${event.id}/resend`, {})) }, "Resend"))));
  $("event-rows").replaceChildren(...(rows.length ? rows : [nothing(5, "Nothing happened yet. Buy credits in the portal and watch the events come in.")]));
}

const nothing = (span, text) => make("tr", {}, make("td", { colspan: span, class: "muted" }, text));

async function showEvent(event) {
  $("event-dialog-title").textContent = event.type;
  $("event-body").textContent = JSON.stringify(await call(`/control/events/${event.id}`), null, 2);
  $("event-dialog").showModal();
}

function drawMails(mails) {
  $("mail-count").textContent = mails.length ? `${mails.length} latest` : "";
  $("mails").replaceChildren(...mails.map(mail => make("li", {}, make("button",
    { type: "button", "data-mail": mail.id, "aria-current": mail.id === openMail, onclick: () => readMail(mail.id) },
    make("span", { class: "subject" }, mail.subject), make("span", { class: "when figure" }, when(mail.at).slice(5, 16)),
    make("span", { class: "to" }, mail.to.join(", ")), badge(mail.lastEvent, kinds[mail.lastEvent])))));
  if (!mails.length) $("mails").replaceChildren(make("li", { class: "empty" }, "No mail yet. What the portal sends arrives here."));
  if (!openMail && mails.length) readMail(mails[0].id);
}

async function readMail(id) {
  openMail = id;
  for (const button of document.querySelectorAll("[data-mail]")) button.toggleAttribute("aria-current", button.dataset.mail === id);
  const mail = await call(`/control/emails/${id}`);
  const fate = (event, label) => make("button", { type: "button", class: "small quiet",
    onclick: () => act(`Marked as ${event}`, () => call(`/control/emails/${id}/event`, { event })) }, label);
  $("reader").replaceChildren(
    make("h3", {}, mail.subject),
    make("dl", {}, ...[["From", mail.from], ["To", mail.to.join(", ")], ["Cc", mail.cc.join(", ")], ["Sent", `${when(mail.createdAt)} UTC`],
      ["Attached", mail.attachments.join(", ")]].filter(([, value]) => value)
      .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    mailBody(mail),
    make("p", { class: "steps" }, fate("bounced", "Let it bounce"), fate("complained", "Mark as spam"),
      fate("suppressed", "Suppress"), fate("delivery_delayed", "Delay"), fate("delivered", "Deliver")));
}

function drawSuppressions(suppressions) {
  $("suppressions").replaceChildren(...suppressions.map(one => make("li", {},
    make("span", {}, `${one.id} is suppressed after a ${one.origin}`),
    make("button", { type: "button", class: "small quiet", onclick: () => act("Taken off the list", () =>
      fetch(`/control/suppressions/${encodeURIComponent(one.id)}`, { method: "DELETE" })) }, "Take off the list"))));
}

/** Shown without scripts and without this page's origin; links open in a new tab. */
function mailBody(mail) {
  if (!mail.html) return make("pre", {}, mail.text ?? "");
  return make("iframe", { title: "The email", sandbox: "allow-popups allow-popups-to-escape-sandbox",
    srcdoc: `<base target="_blank">${mail.html}` });
}

const declines = [["", "succeeds as the card does"], ["insufficient_funds", "insufficient funds"], ["generic_decline", "declined"],
  ["lost_card", "lost card"], ["expired_card", "expired"], ["processing_error", "processing error"],
  ["authentication_required", "asks for authentication"]];

function drawCards(cards) {
  const rows = cards.map(card => {
    const select = make("select", { "aria-label": `Next charge of ${card.brand} ${card.last4}, ${card.customer}`,
      onchange: event => act("Card changed", () => call(`/control/cards/${card.id}`, { decline: event.target.value })) },
    ...declines.map(([code, text]) => make("option", { value: code, selected: code === (card.forcedDecline ?? "") }, text)));
    return make("tr", {},
      make("td", { "data-label": "Customer" }, card.customer),
      make("td", { "data-label": "Card", class: "figure" }, `${card.brand} •••• ${card.last4}, ${card.expiry}`),
      make("td", { "data-label": "Charged", class: "number" }, `${dollars(card.succeededAmount)} (${card.succeededCharges})`),
      make("td", { "data-label": "Declined", class: "number" }, String(card.failedCharges)),
      make("td", { "data-label": "Next charge" }, select));
  });
  $("card-rows").replaceChildren(...(rows.length ? rows : [nothing(5, "No card is saved yet. Save one in the portal under Saved cards.")]));
}

function drawProcessing(payments) {
  const decide = (payment, outcome) => make("button", { type: "button", class: outcome === "failed" ? "small quiet" : "small",
    onclick: () => act(`Payment ${outcome}`, () => call(`/control/payments/${payment.id}`, { outcome })) },
  outcome === "failed" ? "Let it fail" : "Let it succeed");
  const rows = payments.map(payment => make("tr", {},
    make("td", { "data-label": "Customer" }, payment.customer),
    make("td", { "data-label": "From", class: "figure" }, payment.method),
    make("td", { "data-label": "Amount", class: "number" }, dollars(payment.amount)),
    make("td", { "data-label": "Decided by itself" }, when(payment.decidedAt)),
    make("td", { "data-label": "Now" }, decide(payment, "succeeded"), " ", decide(payment, "failed"))));
  $("processing-rows").replaceChildren(...(rows.length ? rows : [nothing(5, "No payment is with the bank. Pay by bank account in the portal to see one.")]));
}

function values(form) {
  const entries = [...new FormData(form)].filter(([, value]) => value !== "");
  return Object.fromEntries(entries.map(([name, value]) => [name, /^(count|milliseconds)$/.test(name) ? Number(value) : value]));
}

function onSubmit(id, done, send) {
  $(id).addEventListener("submit", event => {
    event.preventDefault();
    act(done, () => send(values(event.target)));
  });
}

onSubmit("spoil", "Switched on", rule => call("/control/webhooks", rule));
onSubmit("fault", "Fault switched on", fault => call("/control/faults", { count: null, ...fault,
  milliseconds: /^(slow|timeout_after|disconnect)$/.test(fault.kind) ? fault.milliseconds ?? 0 : 0 }));
onSubmit("clock-form", "Clock moved", ({ now }) => call("/clock", { now: `${now}Z` }));
$("hold").addEventListener("click", () => act(held ? "Webhooks released" : "Webhooks are held",
  () => call(`/control/webhooks/${held ? "release" : "hold"}`, {})));
$("reset").addEventListener("click", () => act("Everything is back to normal", () => call("/control/reset", { state: false })));
$("clock-reset").addEventListener("click", () => act("Clock is back", () => call("/clock", { reset: true })));
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => act("Clock moved", () => call("/clock", { advanceSeconds: Number(button.dataset.advance) })));
}
document.querySelector("[data-month]").addEventListener("click", () => act("Clock moved", async () => {
  const now = new Date((await call("/clock")).now);
  return call("/clock", { now: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 2)).toISOString() });
}));
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    $("done").textContent = "Copied";
  });
}

const lost = "The sandbox does not answer. This page tries again every two seconds.";
async function follow() {
  try {
    await refresh();
    if ($("problem").textContent === lost) $("problem").hidden = true;
  } catch {
    $("problem").textContent = lost;
    $("problem").hidden = false;
  }
}

follow();
setInterval(follow, 2000);

// The phone: one handset in somebody's hand, the numbers it talks to, and how Twilio behaves. Re-read with the page.
const phone = { number: null, handset: "+16285550100", shown: 0 };
const wordsOf = { received: "sent", queued: "queued", sending: "sending", sent: "sent, no report yet", delivered: "delivered" };

panels.push(refreshPhone);

async function refreshPhone() {
  const data = await call(`/control/phone?number=${encodeURIComponent(phone.number ?? "")}&handset=${encodeURIComponent(phone.handset)}`);
  draw("phone-numbers", data.numbers, () => drawNumbers(data.numbers));
  draw("phone-handsets", [data.handsets, data.testNumbers], () => drawHandsets(data.handsets, data.testNumbers));
  draw("phone-talk", [data.messages, data.isOptedOut, phone], () => drawTalk(data));
  draw("phone-calls", data.calls, drawCalls);
  draw("phone-alerts", data.alerts, drawAlerts);
  draw("phone-settings", data.settings, drawSwitches);
}

function drawNumbers(numbers) {
  if (!numbers.some(one => one.phoneNumber === phone.number)) phone.number = numbers[0]?.phoneNumber ?? null;
  $("phone-number").replaceChildren(...(numbers.length
    ? numbers.map(one => make("option", { value: one.phoneNumber, selected: one.phoneNumber === phone.number }, `${one.phoneNumber}${one.isForSms ? "" : " (voice only)"}`))
    : [make("option", { value: "" }, "no number yet")]));
  $("number-count").textContent = numbers.length ? `${numbers.length} owned` : "";
  const rows = numbers.map(one => make("tr", {},
    make("td", { "data-label": "Number", class: "figure" }, one.phoneNumber),
    make("td", { "data-label": "Messages go to" }, one.smsUrl ? make("code", {}, one.smsUrl) : badge("nowhere", "warn")),
    make("td", { "data-label": "Calls go to" }, one.voiceUrl || one.statusCallback ? make("code", {}, one.voiceUrl || one.statusCallback) : badge("nowhere", "warn"))));
  $("number-rows").replaceChildren(...(rows.length ? rows : [nothing(3, "No number is owned yet. Buy one in the portal under Phone numbers.")]));
  for (const field of $("phone-send").elements) field.disabled = !phone.number;
  for (const field of $("phone-call").elements) field.disabled = !phone.number;
}

function drawHandsets(handsets, testNumbers) {
  $("handsets").replaceChildren(...[...new Set([...handsets, ...testNumbers.map(one => `+1628555${one.ending}`)])]
    .map(one => make("option", { value: one })));
  $("test-rows").replaceChildren(...testNumbers.map(one => make("tr", {},
    make("td", { "data-label": "Number" }, make("button", { type: "button", class: "copy", onclick: () => choose(`+1628555${one.ending}`) },
      make("code", {}, "…", make("strong", {}, one.ending)))),
    make("td", { "data-label": "Ends as" }, badge(one.fate.status, kinds[one.fate.status]), one.fate.errorCode ? ` ${one.fate.errorCode}` : ""),
    make("td", { "data-label": "Because" }, one.fate.does))));
}

/** Takes another handset into the hand. */
function choose(handset) {
  phone.handset = handset;
  $("phone-handset").value = handset;
  act(`Handset ${handset}`, async () => {});
}

function drawTalk({ messages, isOptedOut }) {
  const log = $("talk");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60 || phone.shown !== `${phone.number}${phone.handset}`;
  phone.shown = `${phone.number}${phone.handset}`;
  $("opted-out").hidden = !isOptedOut;
  log.replaceChildren(...(messages.length ? messages.map(bubble) : [make("p", { class: "empty" }, phone.number
    ? `Nothing yet between this handset and ${phone.number}. Write below, or send from the portal.`
    : "The phone needs somebody to talk to: buy a number in the portal under Phone numbers.")]));
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** Right: written on this handset. Left: come in, or lost on the way. */
function bubble(message) {
  const isOwn = message.direction === "inbound";
  const isLost = ["undelivered", "failed"].includes(message.status);
  const state = isLost ? `${message.status} ${message.errorCode} – never arrived` : wordsOf[message.status] ?? message.status;
  const parts = message.segments > 1 ? ` · ${message.segments} segments` : "";
  return make("div", { class: `bubble ${isOwn ? "own" : ""} ${isLost ? "lost" : ""} ${message.isTwilios ? "twilios" : ""}` },
    make("span", { class: "text", dir: "auto" }, message.body),
    make("span", { class: "state" }, `${when(message.at).slice(11, 16)} · ${message.isTwilios ? "Twilio's own reply" : state}${parts}`));
}

function drawCalls(calls) {
  const rows = calls.map(one => make("tr", {},
    make("td", { "data-label": "Time", class: "figure" }, when(one.at)),
    make("td", { "data-label": "From and to", class: "figure" }, `${one.from} → ${one.to}`),
    make("td", { "data-label": "State" }, badge(one.status, one.status === "completed" ? "good" : one.isOver ? "warn" : "")),
    make("td", { "data-label": "Seconds", class: "number" }, one.durationSeconds ?? "–"),
    make("td", { class: "actions" }, one.isOver ? "" : make("button", { type: "button", class: "small quiet",
      onclick: () => act("Hung up", () => call(`/control/phone/calls/${one.sid}/hangup`, {})) }, "Hang up"))));
  $("call-rows").replaceChildren(...(rows.length ? rows : [nothing(5, "No call yet.")]));
}

function drawAlerts(alerts) {
  $("alert-count").textContent = alerts.length ? `${alerts.length} latest` : "";
  const rows = alerts.map(one => make("tr", {},
    make("td", { "data-label": "Time", class: "figure" }, when(one.at)),
    make("td", { "data-label": "Error", class: "figure" }, badge(String(one.errorCode), "bad")),
    make("td", { "data-label": "What" }, one.text, make("div", { class: "muted" }, make("code", {}, one.url)))));
  $("alert-rows").replaceChildren(...(rows.length ? rows : [nothing(3, "No complaint: the portal answered as Twilio expects.")]));
}

function drawSwitches(settings) {
  for (const name of ["sentSeconds", "finalSeconds"]) if (document.activeElement !== $(name)) $(name).value = settings[name];
  for (const name of ["earlyCallbacks", "sendingCallbacks", "advancedOptOut"]) $(name).checked = settings[name];
  $("fates").replaceChildren(...settings.fates.map(rule => make("li", {},
    `The next ${rule.count === 1 ? "message" : `${rule.count} messages`}${rule.to ? ` to ${rule.to}` : ""}: ${rule.status} ${rule.errorCode ?? ""}`)));
}

$("phone-handset").value = phone.handset;
$("phone-handset").addEventListener("change", event => choose(event.target.value.trim() || "+16285550100"));
$("phone-number").addEventListener("change", event => {
  phone.number = event.target.value;
  act(`Talking to ${phone.number}`, async () => {});
});
onSubmit("phone-send", "Sent", async ({ body }) => {
  await call("/control/phone/messages", { from: phone.handset, to: phone.number, body });
  $("phone-body").value = "";
});
$("phone-body").addEventListener("keydown", event => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("phone-send").requestSubmit();
});
for (const word of document.querySelectorAll("[data-word]")) {
  word.addEventListener("click", () => act(`Sent ${word.dataset.word}`, () =>
    call("/control/phone/messages", { from: phone.handset, to: phone.number, body: word.dataset.word })));
}
onSubmit("phone-call", "Call placed", ({ direction, seconds, outcome, sid }) => call("/control/phone/calls", {
  from: direction === "in" ? phone.handset : phone.number,
  to: direction === "in" ? phone.number : phone.handset,
  durationSeconds: Number(seconds ?? 0), callSid: sid ?? null,
  outcome: outcome === "goes-on" ? "completed" : outcome, goesOn: outcome === "goes-on",
}));
onSubmit("fate", "Decided", rule => call("/control/phone/fates", {
  ...rule, errorCode: rule.errorCode ? Number(rule.errorCode) : null,
}));
for (const name of ["sentSeconds", "finalSeconds", "earlyCallbacks", "sendingCallbacks", "advancedOptOut"]) {
  $(name).addEventListener("change", event => act("Switched", () => call("/control/phone/settings", {
    [name]: event.target.type === "checkbox" ? event.target.checked : Number(event.target.value),
  })));
}

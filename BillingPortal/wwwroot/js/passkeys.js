// Passkeys on the two pages that use them: asks the server what to ask, asks the device, and sends its answer with the page's form.
const toBytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), sign => sign.charCodeAt(0));
const toText = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const isAddress = host => /^[\d.]+$/.test(host) || host.includes(":");
const isSupported = () => window.isSecureContext && !!window.PublicKeyCredential && !!navigator.credentials;
const withBytes = list => (list ?? []).map(one => ({ ...one, id: toBytes(one.id) }));

function words(error, form) {
  const host = form.dataset.passkeyHost;
  switch (error?.name) {
    case "NotAllowedError": case "AbortError":
      return "Nothing was done: the request was cancelled or took too long. Try again when you are ready.";
    case "InvalidStateError": return "This device has a passkey for you already.";
    case "SecurityError":
      return isAddress(location.hostname)
        ? `Passkeys do not work under an IP address. Open the portal under its name: ${host}.`
        : `Passkeys of this portal belong to ${host}. Open it under that name.`;
    case "NotSupportedError": return "This device cannot make the kind of passkey that is needed.";
    case "Told": return error.message;
    default: return "That did not work. Check your connection and try again.";
  }
}

function tell(form, text) {
  const place = form.querySelector("[data-passkey-problem]");
  place.hidden = !text;
  place.className = text ? "notice notice-bad" : "";
  place.setAttribute("role", "alert");
  place.textContent = text;
}

// The server's question, with the form's own token; what it refuses it says in words.
async function ask(form, address, fields = {}) {
  const body = new URLSearchParams({ __RequestVerificationToken: form.querySelector("[name=__RequestVerificationToken]").value, ...fields });
  const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
  if (answer.ok) return answer.json();
  const told = (await answer.json().catch(() => ({}))).problem;
  throw Object.assign(new Error(told ?? "The page is too old. Reload it and try again."), { name: "Told" });
}

async function make(form) {
  const options = await ask(form, form.dataset.passkeyAdd, { password: form.querySelector("[data-passkey-password]")?.value ?? "" });
  const made = await navigator.credentials.create({
    publicKey: {
      ...options, challenge: toBytes(options.challenge), user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  });
  return {
    ...common(made),
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function use(form, more = {}) {
  const options = await ask(form, form.dataset.passkeySignIn);
  const used = await navigator.credentials.get({
    ...more,
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: withBytes(options.allowCredentials) },
  });
  const handle = used.response.userHandle;
  return {
    ...common(used),
    response: {
      clientDataJSON: toText(used.response.clientDataJSON),
      authenticatorData: toText(used.response.authenticatorData),
      signature: toText(used.response.signature),
      userHandle: handle ? toText(handle) : null,
    },
  };
}

const common = credential => ({
  id: credential.id, rawId: toText(credential.rawId), type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
});

function send(form, credential) {
  form.elements.Credential.value = JSON.stringify(credential);
  const stay = document.querySelector("[name='Form.StaySignedIn'][type=checkbox]");
  if (form.elements.Stay) form.elements.Stay.value = stay?.checked ? "true" : "false";
  form.submit();
}

async function run(form, ceremony) {
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  tell(form, "");
  try {
    if (!isSupported()) throw Object.assign(new Error("This browser, or this connection without https, cannot use passkeys."), { name: "Told" });
    send(form, await ceremony(form));
  } catch (error) {
    tell(form, words(error, form));
    button.disabled = false;
  }
}

// While a suggestion under the email field waits, a click on the button needs the device for itself.
let waiting = null;

document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches?.("[data-passkey-add],[data-passkey-sign-in]")) return;
  event.preventDefault();
  event.stopPropagation();
  waiting?.abort();
  waiting = null;
  run(form, form.matches("[data-passkey-add]") ? make : use);
}, true);

// Browsers that can suggest passkeys in the email field do so; whatever goes wrong, the button and the password remain.
async function suggest() {
  const form = document.querySelector("[data-passkey-sign-in]");
  if (!form || waiting || !isSupported() || isAddress(location.hostname)) return;
  if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) return;
  const mine = waiting = new AbortController();
  try {
    const credential = await use(form, { mediation: "conditional", signal: mine.signal });
    if (waiting === mine) send(form, credential);
  } catch { /* cancelled, or nothing to suggest */ }
}

suggest();
window.Blazor?.addEventListener?.("enhancedload", () => { waiting?.abort(); waiting = null; suggest(); });

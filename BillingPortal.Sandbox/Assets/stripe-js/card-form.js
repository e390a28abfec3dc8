const cardStyles = `
.sandbox-card { --sc-primary:#0a6ebd; --sc-text:#1a2230; --sc-muted:#566174; --sc-field:#fff; --sc-line:#8a94a6;
  --sc-danger:#b3261e; --sc-radius:6px; color:var(--sc-text); font:16px/1.4 var(--sc-font, system-ui, sans-serif);
  display:grid; grid-template-columns:1fr 1fr; gap:12px; text-align:left; }
.sandbox-card[data-theme=night] { --sc-primary:#6cb6ff; --sc-text:#e7ecf3; --sc-muted:#a9b4c4; --sc-field:#161d28;
  --sc-line:#66738a; --sc-danger:#ff8a80; }
@media (prefers-color-scheme:dark) { .sandbox-card[data-theme=auto] { --sc-primary:#6cb6ff; --sc-text:#e7ecf3;
  --sc-muted:#a9b4c4; --sc-field:#161d28; --sc-line:#66738a; --sc-danger:#ff8a80; } }
.sandbox-card .sc-wide { grid-column:1 / -1; }
.sandbox-card label { display:block; font-size:14px; font-weight:600; margin:0 0 4px; color:var(--sc-text); }
.sandbox-card .sc-field { position:relative; }
.sandbox-card input { box-sizing:border-box; width:100%; min-height:44px; padding:9px 12px; margin:0; font:inherit;
  color:var(--sc-text); background:var(--sc-field); border:1px solid var(--sc-line); border-radius:var(--sc-radius);
  font-variant-numeric:tabular-nums; }
.sandbox-card input::placeholder { color:var(--sc-muted); opacity:1; }
.sandbox-card input:focus-visible { outline:2px solid var(--sc-primary); outline-offset:1px; border-color:var(--sc-primary); }
.sandbox-card input[aria-invalid=true] { border-color:var(--sc-danger); }
.sandbox-card .sc-brand { position:absolute; right:12px; top:50%; transform:translateY(-50%); font-size:13px;
  color:var(--sc-muted); pointer-events:none; }
.sandbox-card .sc-error { color:var(--sc-danger); font-size:14px; margin:4px 0 0; }
.sandbox-card .sc-error:empty { display:none; }
.sandbox-card .sc-hint { color:var(--sc-muted); font-size:13px; margin:0; }
.sandbox-card .sc-live { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); }
@media (max-width:340px) { .sandbox-card { grid-template-columns:1fr; } }
`;

const brands = [
  ["visa", "Visa", /^4/], ["mastercard", "Mastercard", /^(5[1-5]|2[2-7])/], ["amex", "American Express", /^3[47]/],
  ["discover", "Discover", /^6(011|5)/], ["diners", "Diners Club", /^3(0|6|8)/], ["jcb", "JCB", /^35/],
];
const brandOf = number => brands.find(([, , pattern]) => pattern.test(number)) ?? ["unknown", "", /^/];
const digits = text => text.replace(/\D/g, "");

/** The card's three fields inside the page's own element: what it may hold, what is wrong with it, what was typed. */
class CardForm {
  constructor(appearance, changed) {
    this.changed = changed;
    this.root = document.createElement("div");
    this.root.className = "sandbox-card";
    this.root.innerHTML = `
      <div class="sc-wide"><label for="card-number">Card number</label><div class="sc-field">
        <input id="card-number" name="cardnumber" inputmode="numeric" autocomplete="cc-number" spellcheck="false"
          placeholder="1234 1234 1234 1234" maxlength="23" aria-describedby="card-number-error card-hint">
        <span class="sc-brand" aria-hidden="true"></span></div><p class="sc-error" id="card-number-error"></p></div>
      <div><label for="card-expiry">Expiry (MM / YY)</label>
        <input id="card-expiry" name="exp-date" inputmode="numeric" autocomplete="cc-exp" spellcheck="false"
          placeholder="MM / YY" maxlength="7" aria-describedby="card-expiry-error">
        <p class="sc-error" id="card-expiry-error"></p></div>
      <div><label for="card-cvc">Security code</label>
        <input id="card-cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" spellcheck="false"
          placeholder="CVC" maxlength="4" aria-describedby="card-cvc-error">
        <p class="sc-error" id="card-cvc-error"></p></div>
      <p class="sc-hint sc-wide" id="card-hint">Sandbox: 4242 4242 4242 4242, any date ahead, any code. Other cards are
        on the sandbox page.</p>
      <div class="sc-live" role="status" aria-live="polite"></div>`;
    [this.number, this.expiry, this.cvc] = this.root.querySelectorAll("input");
    this.number.addEventListener("input", () => this.typed(this.number, formatNumber));
    this.expiry.addEventListener("input", event => this.typed(this.expiry, text => formatExpiry(text, event)));
    this.cvc.addEventListener("input", () => this.typed(this.cvc, digits));
    for (const input of this.inputs) input.addEventListener("blur", () => input.value && this.show(input));
    this.dress(appearance);
    wear(cardStyles);
  }

  get type() { return "card"; }

  get inputs() { return [this.number, this.expiry, this.cvc]; }

  get isComplete() { return this.inputs.every(input => !this.problem(input)); }

  get isEmpty() { return this.inputs.every(input => !input.value); }

  /** What Stripe's API takes. */
  get card() {
    const [month, year] = [digits(this.expiry.value).slice(0, 2), digits(this.expiry.value).slice(2)];
    return { number: digits(this.number.value), exp_month: month, exp_year: `20${year}`, cvc: this.cvc.value };
  }

  get parameters() { return { type: "card", card: this.card }; }

  dress(appearance) { dressUp(this.root, appearance); }

  focus() { this.number.focus(); }

  clear() { for (const input of this.inputs) input.value = ""; }

  /** Shows all problems, puts the focus on the first, and returns it. */
  validate() {
    const wrong = this.inputs.filter(input => this.show(input));
    wrong[0]?.focus();
    return wrong.length ? this.problem(wrong[0]) : null;
  }

  /** A refusal that belongs to a field is shown there. */
  showRefusal(error) {
    const field = { "card[number]": this.number, "card[exp_month]": this.expiry, "card[exp_year]": this.expiry,
      "card[cvc]": this.cvc }[error.param];
    if (field) this.mark(field, error.message);
  }

  typed(input, format) {
    const isAtEnd = input.selectionStart === input.value.length;
    const formatted = format(input.value);
    if (isAtEnd && formatted !== input.value) input.value = formatted;
    if (input === this.number) this.root.querySelector(".sc-brand").textContent = brandOf(digits(input.value))[1];
    if (input.getAttribute("aria-invalid")) this.show(input);
    this.changed();
  }

  show(input) {
    const problem = this.problem(input);
    this.mark(input, problem?.message ?? "");
    return problem;
  }

  mark(input, message) {
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    this.root.querySelector(`#${input.id}-error`).textContent = message;
    if (message) this.root.querySelector(".sc-live").textContent = message;
  }

  problem(input) {
    if (input === this.number) return numberProblem(digits(input.value));
    return input === this.expiry ? expiryProblem(digits(input.value)) : this.cvcProblem();
  }

  cvcProblem() {
    const length = brandOf(digits(this.number.value))[0] === "amex" ? 4 : 3;
    return digits(this.cvc.value).length === length ? null : wrong("incomplete_cvc", "Your card's security code is incomplete.");
  }
}

/** Theme and variables of the Payment Element's appearance; without a theme it follows the system. */
function dressUp(root, appearance = {}) {
  root.dataset.theme = appearance.theme === "night" ? "night" : appearance.theme ? "stripe" : "auto";
  const names = { colorPrimary: "primary", colorText: "text", colorTextSecondary: "muted", colorBackground: "field",
    colorDanger: "danger", borderRadius: "radius", fontFamily: "font" };
  for (const [name, short] of Object.entries(names)) {
    const value = appearance.variables?.[name];
    if (value) root.style.setProperty(`--sc-${short}`, value);
    else root.style.removeProperty(`--sc-${short}`);
  }
}

const wrong = (code, message) => ({ type: "validation_error", code, message });

function numberProblem(number) {
  const length = brandOf(number)[0] === "amex" ? 15 : brandOf(number)[0] === "diners" ? 14 : 16;
  if (number.length < length) return wrong("incomplete_number", "Your card number is incomplete.");
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 ? wrong("invalid_number", "Your card number is invalid.") : null;
}

function expiryProblem(text) {
  const month = Number(text.slice(0, 2));
  if (text.length < 4) return wrong("incomplete_expiry", "Your card's expiration date is incomplete.");
  return month < 1 || month > 12 ? wrong("invalid_expiry_month", "Your card's expiration month is invalid.") : null;
}

function formatNumber(text) {
  const number = digits(text).slice(0, 19);
  const groups = brandOf(number)[0] === "amex" ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?.*/ : null;
  if (groups) return number.replace(groups, (_, a, b, c) => [a, b, c].filter(Boolean).join(" "));
  return (number.match(/\d{1,4}/g) ?? []).join(" ");
}

function formatExpiry(text, event) {
  if (event.inputType?.startsWith("delete")) return text.replace(/[\s/]+$/, "");
  let date = digits(text).slice(0, 4);
  if (/^[2-9]/.test(date)) date = `0${date}`.slice(0, 4);
  return date.length >= 2 ? `${date.slice(0, 2)} / ${date.slice(2)}` : date;
}

/** Styles by the object model: a page's content security policy does not forbid them. */
const worn = new Set();
function wear(styles) {
  if (worn.has(styles)) return;
  worn.add(styles);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}


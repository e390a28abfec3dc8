const methodStyles = `
.sandbox-methods { display:grid; gap:14px; }
.sandbox-methods .sandbox-card[hidden] { display:none; }
.sandbox-methods .sc-tabs { display:grid; grid-template-columns:repeat(auto-fit, minmax(110px, 1fr)); gap:8px; }
.sandbox-methods .sc-tabs button { min-height:44px; padding:8px; font:inherit; font-size:14px; font-weight:600; cursor:pointer;
  color:var(--sc-text); background:var(--sc-field); border:1px solid var(--sc-line); border-radius:var(--sc-radius); }
.sandbox-methods .sc-tabs button[aria-pressed=true] { border-color:var(--sc-primary); box-shadow:inset 0 0 0 1px var(--sc-primary);
  color:var(--sc-primary); }
.sandbox-methods .sc-tabs button:focus-visible { outline:2px solid var(--sc-primary); outline-offset:1px; }
`;

const methodNames = { card: "Card", us_bank_account: "US bank account", apple_pay: "Apple Pay", google_pay: "Google Pay" };

/** Apple Pay and Google Pay: nothing to type; a real one opens the phone's or browser's sheet. */
class WalletForm {
  constructor(type) {
    this.type = type;
    this.root = document.createElement("div");
    this.root.className = "sandbox-card";
    this.root.innerHTML = `<p class="sc-hint sc-wide"></p>`;
    this.root.firstElementChild.textContent =
      `Sandbox: ${methodNames[type]} pays with a Visa ending in 4242, without asking.`;
  }

  get isComplete() { return true; }

  get isEmpty() { return false; }

  get parameters() { return { type: "card", card: { token: `tok_sandbox_${this.type}` } }; }

  validate() { return null; }

  showRefusal() {}

  focus() {}

  clear() {}
}

/** The ways to pay that the page allows, one at a time; a single one has no tabs. */
class MethodForm {
  constructor(options, wallets, changed) {
    this.changed = changed;
    this.wallets = wallets;
    this.card = new CardForm(options.appearance, changed);
    this.forms = [this.card, new BankForm(changed), ...wallets.map(type => new WalletForm(type))];
    this.chosen = this.card;
    this.tabs = document.createElement("div");
    this.tabs.className = "sandbox-card sc-tabs";
    this.tabs.setAttribute("role", "group");
    this.tabs.setAttribute("aria-label", "Way to pay");
    this.root = document.createElement("div");
    this.root.className = "sandbox-methods";
    this.root.append(this.tabs, ...this.forms.map(form => form.root));
    wear(methodStyles);
    this.dress(options.appearance);
    this.allow(options.allowedPaymentMethodTypes ?? ["card"]);
  }

  /** Wallets are cards. */
  allow(types) {
    this.allowed = this.forms.filter(form => types.includes(this.wallets.includes(form.type) ? "card" : form.type));
    const before = this.chosen;
    if (!this.allowed.includes(before)) this.chosen = this.allowed[0] ?? this.card;
    this.draw();
    if (before && before !== this.chosen) this.changed();
  }

  draw() {
    for (const form of this.forms) form.root.hidden = form !== this.chosen;
    this.tabs.hidden = this.allowed.length < 2;
    this.tabs.replaceChildren(...this.allowed.map(form => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.textContent = methodNames[form.type];
      tab.setAttribute("aria-pressed", String(form === this.chosen));
      tab.addEventListener("click", () => this.choose(form));
      return tab;
    }));
  }

  choose(form) {
    this.chosen = form;
    this.draw();
    [...this.tabs.children][this.allowed.indexOf(form)]?.focus();
    this.changed();
  }

  get type() { return this.chosen.type; }

  get isComplete() { return this.chosen.isComplete; }

  get isEmpty() { return this.chosen.isEmpty; }

  get parameters() { return this.chosen.parameters; }

  validate() { return this.chosen.validate(); }

  showRefusal(error) { this.chosen.showRefusal(error); }

  focus() { this.chosen.focus(); }

  clear() { this.chosen.clear(); }

  dress(appearance) {
    for (const part of [this.tabs, ...this.forms.map(form => form.root)]) dressUp(part, appearance);
  }
}

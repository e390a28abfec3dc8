/** A US bank account inside the Payment Element: holder, routing number, account number. A real one signs in at the bank. */
class BankForm {
  constructor(changed) {
    this.changed = changed;
    this.root = document.createElement("div");
    this.root.className = "sandbox-card";
    this.root.innerHTML = `
      <div class="sc-wide"><label for="bank-holder">Account holder</label>
        <input id="bank-holder" name="holder" autocomplete="name" maxlength="80" aria-describedby="bank-holder-error">
        <p class="sc-error" id="bank-holder-error"></p></div>
      <div><label for="bank-routing">Routing number</label>
        <input id="bank-routing" name="routing" inputmode="numeric" autocomplete="off" spellcheck="false"
          placeholder="9 digits" maxlength="9" aria-describedby="bank-routing-error">
        <p class="sc-error" id="bank-routing-error"></p></div>
      <div><label for="bank-account">Account number</label>
        <input id="bank-account" name="account" inputmode="numeric" autocomplete="off" spellcheck="false"
          placeholder="12 digits" maxlength="17" aria-describedby="bank-account-error bank-hint">
        <p class="sc-error" id="bank-account-error"></p></div>
      <p class="sc-hint sc-wide" id="bank-hint">Sandbox: routing number 110000000, account 000123456789 pays,
        000222222227 has no funds. By paying you authorise one debit of this account.</p>
      <div class="sc-live" role="status" aria-live="polite"></div>`;
    [this.holder, this.routing, this.account] = this.root.querySelectorAll("input");
    for (const input of this.inputs) {
      input.addEventListener("input", () => {
        if (input !== this.holder) input.value = digits(input.value);
        if (input.getAttribute("aria-invalid")) this.show(input);
        this.changed();
      });
      input.addEventListener("blur", () => input.value && this.show(input));
    }
  }

  get type() { return "us_bank_account"; }

  get inputs() { return [this.holder, this.routing, this.account]; }

  get isComplete() { return this.inputs.every(input => !this.problem(input)); }

  get isEmpty() { return this.inputs.every(input => !input.value); }

  get parameters() {
    return { type: this.type, us_bank_account: { account_holder_type: "company", routing_number: this.routing.value,
      account_number: this.account.value }, billing_details: { name: this.holder.value.trim() } };
  }

  focus() { this.holder.focus(); }

  clear() { for (const input of this.inputs) input.value = ""; }

  validate() {
    const wrongOnes = this.inputs.filter(input => this.show(input));
    wrongOnes[0]?.focus();
    return wrongOnes.length ? this.problem(wrongOnes[0]) : null;
  }

  showRefusal(error) {
    const field = { "us_bank_account[routing_number]": this.routing, "us_bank_account[account_number]": this.account }[error.param];
    if (field) this.mark(field, error.message);
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
    if (input === this.holder) return input.value.trim() ? null : wrong("incomplete_name", "The account holder is missing.");
    if (input === this.routing) return input.value.length === 9 ? null : wrong("incomplete_routing_number", "The routing number is incomplete.");
    return input.value.length >= 4 ? null : wrong("incomplete_account_number", "The account number is incomplete.");
  }
}

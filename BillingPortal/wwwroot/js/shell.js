// What the shell does without a circuit: theme button, menus, reconnect buttons, copy buttons.
document.addEventListener("click", event => {
  const target = event.target.closest?.("[data-theme-toggle],[data-reload],[data-reconnect],[data-copy],[data-print]");
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target) || event.target.closest("a")) menu.removeAttribute("open");
  }
  if (!target) return;
  if (target.matches("[data-theme-toggle]")) window.portalTheme.toggle();
  else if (target.matches("[data-reload]")) location.reload();
  else if (target.matches("[data-reconnect]")) reconnect();
  else if (target.matches("[data-print]")) window.print();
  else if (target.matches("[data-copy]")) copy(target);
});

document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});

async function copy(button) {
  const text = document.getElementById(button.dataset.copy)?.textContent.trim() ?? "";
  await navigator.clipboard?.writeText(text);
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 2000);
}

async function reconnect() {
  const lives = await window.Blazor.reconnect().catch(() => null);
  if (lives === false) ended();
}

// The server no longer knows this page. Reload at once when nothing was typed since it came; otherwise let the person read first.
let typed = false;
document.addEventListener("input", () => { typed = true; }, true);

function ended() {
  if (!typed) location.reload();
}

const bar = document.getElementById("components-reconnect-modal");
const has = state => bar.classList.contains("components-reconnect-" + state);
new MutationObserver(() => { if (has("rejected")) ended(); }).observe(bar, { attributes: true, attributeFilter: ["class"] });

// A laptop that wakes up, a network that comes back: try at once instead of waiting for the next turn.
addEventListener("online", () => { if (has("show") || has("failed")) reconnect(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && has("failed")) reconnect(); });

// The sandbox's sign-in page: one click fills the form in.
document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-fill-email]");
  if (!button) return;
  document.getElementById("email").value = button.dataset.fillEmail;
  document.getElementById("password").value = button.dataset.fillPassword;
  document.querySelector("form button[type=submit]").focus();
});

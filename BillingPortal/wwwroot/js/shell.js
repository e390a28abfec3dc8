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
  const source = document.getElementById(button.dataset.copy);
  if (!source || button.dataset.label) return;
  // Browsers close the clipboard to pages without https: then the text is at least chosen.
  const copied = await navigator.clipboard?.writeText(source.textContent.trim()).then(() => true, () => false);
  if (!copied) getSelection().selectAllChildren(source);
  button.dataset.label = button.textContent;
  button.textContent = copied ? "Copied" : "Selected: press Ctrl+C";
  setTimeout(() => { button.textContent = button.dataset.label; delete button.dataset.label; }, 2000);
}

// The server no longer knows this page. Reload at once when nothing was typed since it came; otherwise let the person read first.
let typed = false;
document.addEventListener("input", () => { typed = true; }, true);

const bar = document.getElementById("components-reconnect-modal");
const has = state => bar.classList.contains("components-reconnect-" + state);

function ended() {
  if (!typed) location.reload();
  else bar.className = "connection components-reconnect-rejected";
}

// Only once Blazor's own tries are over: a second try beside them would leave the bar saying "failed" on a living page.
async function reconnect() {
  const lives = await window.Blazor.reconnect().catch(() => null);
  if (lives === false) ended();
}

new MutationObserver(() => { if (has("rejected") && !typed) location.reload(); })
  .observe(bar, { attributes: true, attributeFilter: ["class"] });

// A network that comes back: end Blazor's wait for its next try (it listens to this event), or try again after the last one.
addEventListener("online", () => {
  if (has("show")) document.dispatchEvent(new Event("visibilitychange"));
  else if (has("failed")) reconnect();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && has("failed")) reconnect(); });

// The sandbox's sign-in page: one click fills the form in.
document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-fill-email]");
  if (!button) return;
  document.getElementById("email").value = button.dataset.fillEmail;
  document.getElementById("password").value = button.dataset.fillPassword;
  document.querySelector("form button[type=submit]").focus();
});

// Staff looks at a tenant: when the time is over the server has ended it, and the desk shows again. Counted from this load, so that a
// wrong clock in the browser does not matter.
const view = document.querySelector("[data-view-seconds]");
if (view) setTimeout(() => location.replace(view.dataset.viewDesk), Number(view.dataset.viewSeconds) * 1000 + 1500);

// A time that is shown in UTC says on hover what it is here.
document.addEventListener("pointerover", event => {
  const time = event.target.closest?.("time[data-local]");
  if (time) time.title = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" }) + " here";
});

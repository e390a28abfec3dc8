// Light or dark, before the first paint: the remembered choice, else the system's. Loaded in <head>, blocking, and small.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const current = () => remembered() ?? (system.matches ? "dark" : "light");

  const apply = () => {
    const theme = current();
    document.documentElement.dataset.theme = theme;
    for (const sheet of document.querySelectorAll("[data-theme-sheet]")) {
      sheet.media = sheet.dataset.themeSheet === theme ? "all" : "not all";
    }
  };

  const toggle = () => {
    const next = current() === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* private window: for this page only */ }
    apply();
  };

  apply();
  system.addEventListener("change", apply);
  window.portalTheme = { apply, toggle };
})();

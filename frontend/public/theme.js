// Sets the colour theme before the first paint; src/lib/theme.ts takes over afterwards.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("metaclaw.theme");
  } catch {
    // Storage may be blocked; the system's preference is then used.
  }
  const isDark = chosen
    ? chosen === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();

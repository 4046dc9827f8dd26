// Runs before the first paint, so that a chosen theme never flashes the other one.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("tidewatch.theme");
  } catch {
    // Storage may be blocked; the system's preference holds then.
  }
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
})();

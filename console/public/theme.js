// Runs before the first paint, so that a chosen theme or row height never flashes the other one.
(() => {
  let theme = null;
  let density = null;
  try {
    theme = localStorage.getItem("tidewatch.theme");
    density = localStorage.getItem("tidewatch.density");
  } catch {
    // Storage may be blocked; the system's preference holds then.
  }
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  if (density === "compact" || density === "roomy") document.documentElement.dataset.density = density;
})();

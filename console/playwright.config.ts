import { defineConfig } from "@playwright/test";

/**
 * A later --disable-features replaces an earlier one, so Playwright 1.65's own stand here too. Behind them what
 * paints the browser's own toolbar as web pages: a renderer for each window, a quarter of the processor time of the
 * whole run, and no test looks at it.
 */
const WITHOUT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
  "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
  "InitialWebUI,PreloadTopChromeWebUI,WebUIToolbar,WebUIReloadButton",
  "WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup",
].join();

/** Debian's Chromium by path; Playwright's own browsers are never downloaded. */
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/globalSetup.ts",
  outputDir: "target/test-results",
  reporter: [["list"]],
  workers: 2,
  fullyParallel: true,
  retries: Number(process.env["TIDEWATCH_E2E_RETRIES"] ?? 0),
  timeout: 60_000,
  // Machines that build something else beside are slow; nothing here measures time.
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    timezoneId: "UTC",
    locale: "en-GB",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        `--disable-features=${WITHOUT}`,
      ],
    },
  },
});

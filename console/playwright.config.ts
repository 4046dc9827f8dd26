import { defineConfig } from "@playwright/test";

/** Debian's Chromium by path; Playwright's own browsers are never downloaded. */
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/globalSetup.ts",
  outputDir: "target/test-results",
  reporter: [["list"]],
  workers: 2,
  fullyParallel: true,
  timeout: 30_000,
  expect: { timeout: 7000 },
  use: {
    viewport: { width: 1440, height: 900 },
    timezoneId: "UTC",
    locale: "en-GB",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] || "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    },
  },
});

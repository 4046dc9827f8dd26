import { expect, test } from "./pages.ts";

// Pictures for the eye: TIDEWATCH_SHOTS=dir npx playwright test shots
const directory = process.env["TIDEWATCH_SHOTS"];
const SIZES = [
  [1440, 900],
  [2560, 1440],
  [1280, 800],
] as const;

test.describe("screenshots", () => {
  test.skip(!directory, "TIDEWATCH_SHOTS names no directory");
  for (const theme of ["dark", "light"] as const) {
    for (const [width, height] of SIZES) {
      test(`${theme} ${width}`, async ({ page, at }) => {
        test.setTimeout(90_000);
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize({ width, height });
        const shot = (name: string) =>
          page.screenshot({ path: `${directory}/${name}-${theme}-${width}.png` });
        await at("/t/default/alerts");
        await expect(page.getByRole("row").nth(5)).toBeVisible();
        await page.waitForTimeout(400);
        await shot("queue-overview");
        await page.keyboard.press("j");
        await expect(page.locator(".cd .pass").first()).toBeVisible();
        await page.waitForTimeout(400);
        await shot("queue");
        await page.keyboard.press("Enter");
        await expect(page.getByRole("heading", { name: "Why it fired" })).toBeVisible();
        await expect(page.locator(".lanes rect").first()).toBeVisible();
        await page.waitForTimeout(300);
        await shot("alert");
        await page.keyboard.press("2");
        await page.waitForTimeout(300);
        await shot("timeline");
        await page.keyboard.press("3");
        await page.waitForTimeout(300);
        await shot("raw");
        for (const name of [
          "rules",
          "coverage",
          "pipeline",
          "admin/audit",
          "admin/tenants",
          "admin/users",
          "admin/keys",
          "admin/lists",
          "settings",
        ]) {
          await at(`/t/default/${name}`);
          await page.waitForTimeout(900);
          await shot(name.replace("/", "-"));
        }
        await at("/t/hostile/alerts");
        await page.waitForTimeout(600);
        await page.keyboard.press("j");
        await page.waitForTimeout(600);
        await shot("hostile");
      });
    }
  }
});

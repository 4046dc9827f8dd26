import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./pages.ts";

/**
 * Against a running Tidewatch that has alerts: TIDEWATCH_URL=http://127.0.0.1:8080. Pictures go to
 * TIDEWATCH_SCREENSHOTS when it names a directory. TIDEWATCH_TENANT defaults to `default`. Signs in as
 * TIDEWATCH_USER with TIDEWATCH_PASSWORD.
 */
const url = process.env["TIDEWATCH_URL"];
const tenant = process.env["TIDEWATCH_TENANT"] ?? "default";
const pictures = process.env["TIDEWATCH_SCREENSHOTS"];

test.describe("a running Tidewatch", () => {
  test.skip(!url, "TIDEWATCH_URL names no server");
  for (const theme of ["dark", "light"] as const) {
    test(`queue, alert, coverage, rules, pipeline and audit in ${theme}`, async ({ page, at }) => {
      test.setTimeout(120_000);
      await page.emulateMedia({ colorScheme: theme });
      const picture = async (name: string) => {
        if (!pictures) return;
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
      };

      const user = process.env["TIDEWATCH_USER"];
      if (user) {
        const password = process.env["TIDEWATCH_PASSWORD"] ?? "";
        const signedIn = await page.request.post(new URL("/v1/session", url).href, {
          data: { user, password },
        });
        expect(signedIn.status()).toBe(200);
      }
      const policy = await page.request.get(url ?? "");
      expect(policy.headers()["content-security-policy"]).toContain("require-trusted-types-for 'script'");

      // Replayed events may carry their original, old times.
      await at(`/t/${tenant}/alerts?from=all`);
      const rows = page.locator(".row:not(.group)");
      await expect(rows.first()).toBeVisible({ timeout: 30_000 });
      await expect(page.getByText(/Updated \d+ s ago/)).toBeVisible({ timeout: 30_000 });
      await expect(page.locator("svg.hist rect").nth(1)).toBeAttached();
      await picture("queue-overview");

      await page.keyboard.press("j");
      await expect(page.locator(".cd mark").first()).toBeVisible();
      await picture("queue");

      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { name: "Why it fired" })).toBeVisible();
      await expect(page.locator(".tr mark").first()).toBeVisible();
      await picture("alert");

      await page.keyboard.press("3");
      await expect(page.locator(".json, .plain-payload").first()).toBeVisible();
      await expect(page.locator(".json mark").first()).toBeVisible();
      await picture("raw-event");

      await page.keyboard.press("w");
      await expect(page.getByRole("region", { name: "Rule source" })).toContainText("detection:");
      await picture("rule");

      await at(`/t/${tenant}/coverage?from=all`);
      await expect(page.locator(".matrix .proven, .matrix .fired").first()).toBeVisible();
      await picture("coverage");

      await at(`/t/${tenant}/pipeline`);
      await expect(page.locator(".flow li").first()).toBeVisible();
      await expect(page.locator(".cards")).toBeVisible();
      await picture("pipeline");

      await at(`/t/${tenant}/admin/audit`);
      await page.getByRole("button", { name: "Verify chain" }).click();
      await expect(page.getByRole("status").filter({ hasText: /Unbroken/ })).toBeVisible({ timeout: 30_000 });
      await picture("audit");
    });
  }
});

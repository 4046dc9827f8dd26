import { expect, test } from "./pages.ts";

declare global {
  interface Window {
    pwned?: number;
  }
}

test("hostile text is text on every page: no script, no CSP report, hidden characters shown", async ({
  page,
  at,
}) => {
  const harmless = async (place: string) => {
    expect(await page.evaluate(() => window.pwned), place).toBeUndefined();
    const raw = await page.locator("main").innerText();
    expect(raw, place).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff\ue000-\uf8ff]/);
  };
  await at("/t/hostile/alerts");
  const first = page.locator(".row").first();
  await expect(first).toContainText('<img src=x onerror="window.pwned=1">');
  await expect(first.locator(".ctl").first()).toHaveText("U+202E");
  await expect(first).toContainText("mixed");
  await harmless("queue");
  await page.keyboard.press("j");
  await expect(page.locator(".cd .pass").first()).toBeVisible();
  await harmless("preview");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Why it fired" })).toBeVisible();
  await harmless("alert");
  const show = page.getByRole("button", { name: "Show all" });
  await show.last().click();
  await expect(page.locator(".tr")).toContainText("more characters");
  await page.keyboard.press("3");
  await expect(page.locator(".json .ctl").first()).toBeVisible();
  await harmless("raw event");
  await page.keyboard.press("w");
  await expect(page.getByRole("region", { name: "Rule source" })).toBeVisible();
  await harmless("rule");
  await at("/t/hostile/alerts");
  await expect(first).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "True positive" });
  await expect(dialog).toContainText('<img src=x onerror="window.pwned=1">');
  await dialog.getByLabel("Comment, optional").fill("<img src=x onerror=window.pwned=11>\u202e");
  await dialog.getByRole("button", { name: /Attack confirmed/ }).click();
  await harmless("decided");
  await at("/t/hostile/alerts?q=status%3Adecided");
  await expect(first).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const history = page.getByRole("list", { name: "History" });
  await expect(history).toContainText("<img src=x onerror=window.pwned=11>U+202E");
  await harmless("history");
  await at("/t/hostile/admin/audit?seq=240");
  await expect(page.locator(".audit-detail")).toContainText("<script>window.pwned=10</script>U+202E");
  await expect(page.locator(".audit-detail")).toContainText('"><svg onload=window.pwned=9>');
  await harmless("audit");
  await at("/t/hostile/coverage?mode=fired");
  await expect(page.locator(".matrix")).toBeVisible();
  await harmless("coverage");
  await at(
    '/t/hostile/alerts?q="<img src=x onerror=window.pwned=6>\u202e"&from=<b>&tz=x&sel=<i>&view=<u>&group=x',
  );
  await expect(page.locator(".tk")).toBeVisible();
  await harmless("hostile URL");
  await at("/t/%3Cscript%3Ewindow.pwned=7%3C%2Fscript%3E%E2%80%AE/alerts");
  await expect(page.locator(".tenant .ctl")).toHaveText("U+202E");
  await harmless("hostile tenant");
});

test("the policy holds: injected HTML is refused by trusted types", async ({ page, at, complaints }) => {
  await at("/t/policy/alerts");
  const refused = await page.evaluate(() => {
    try {
      document.createElement("div").innerHTML = "<img src=x>";
      return "";
    } catch (error) {
      return String(error);
    }
  });
  expect(refused).toContain("TrustedHTML");
  await expect.poll(() => complaints.length).toBeGreaterThan(0);
  complaints.length = 0;
});

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
  const said = page.waitForResponse(/alerts:disposition/);
  await dialog.getByRole("button", { name: /Attack confirmed/ }).click();
  await said;
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
  await at("/t/hostile/coverage?mode=rules");
  await expect(page.locator(".matrix")).toBeVisible();
  await harmless("coverage");
  await at(
    '/t/hostile/alerts?q="<img src=x onerror=window.pwned=6>\u202e"&from=<b>&tz=x&sel=<i>&view=<u>&group=x',
  );
  await expect(page.locator(".tk")).toBeVisible();
  await harmless("hostile URL");
  for (const [by, name] of [
    ["rule", '<img src=x onerror="window.pwned=1">U+202E'],
    ["host", "dcU+202E01"],
    ["user", '"><svg onload=window.pwned=3>'],
  ]) {
    await at(
      `/t/hostile/alerts?q=status:all&group=${by}&open=.%3Cimg%20src%3Dx%20onerror%3Dwindow.pwned%3D6%3E,.%zz,x`,
    );
    await expect(page.locator(".row.group").filter({ hasText: name ?? "" })).toBeVisible();
    await harmless(`groups by ${by}`);
  }
  await at("/t/%3Cscript%3Ewindow.pwned=7%3C%2Fscript%3E%E2%80%AE/alerts");
  await expect(page.locator(".tenant .ctl")).toHaveText("U+202E");
  await harmless("hostile tenant");
});

test("hostile rules, comments, records and log sources are text in the workbench, the rules and the pipeline", async ({
  page,
  at,
}) => {
  test.setTimeout(90_000);
  const harmless = async (place: string) => {
    expect(await page.evaluate(() => window.pwned), place).toBeUndefined();
    // A trailing line break apart, what is hidden must be shown.
    const raw = await page.locator("main").innerText();
    expect(raw, place).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff\ue000-\uf8ff]/);
  };
  await at("/t/hostile/rules");
  const rule = page.getByRole("row").filter({ hasText: '<img src=x onerror="window.pwned=1">' });
  await expect(rule.locator(".ctl").first()).toHaveText("U+202E");
  await harmless("rules");
  await rule.getByRole("link").click();
  await expect(page.getByRole("region", { name: "Rule source" })).toBeVisible();
  await expect(page.locator(".rp")).toContainText("<img src=x onerror=window.pwned=12>");
  await harmless("rule");
  await page.keyboard.press("e");
  await expect(page.getByRole("textbox", { name: "Rule, YAML" })).toContainText("window.pwned=1");
  await harmless("editor");
  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.getByRole("region", { name: "History" })).toBeVisible();
  await harmless("history");
  await page.getByRole("list", { name: "Versions" }).getByRole("button").first().click();
  await expect(page.locator(".diff-body")).toBeVisible();
  await expect(page.locator(".diff .eb")).toContainText("<script>window.pwned=13</script>U+202E");
  await harmless("differences");
  await at("/t/hostile/alerts");
  await page.locator(".row").first().click();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Why it fired" })).toBeVisible();
  await page.keyboard.press("4");
  await expect(page.getByRole("region", { name: "Rule that fired" })).toBeVisible();
  await harmless("rule that fired");
  await at("/t/episodes/alerts");
  await page.locator(".row", { hasText: "Many encoded commands" }).first().click();
  await page.keyboard.press("Enter");
  const episode = page.getByRole("region", { name: "Events of the episode" });
  await expect(episode.locator(".ctl").first()).toHaveText("U+202E");
  await harmless("episode");
  await at("/t/hostile/pipeline");
  const late = page.getByRole("region", { name: "Late by source" });
  await expect(late).toContainText("aws<b> / cloudtrailU+202E");
  await harmless("pipeline");
  await at("/t/hostile/pipeline/dead-letters?letter=0:87004");
  await expect(page.getByRole("region", { name: "Beginning of the record" })).toContainText(
    "<script>window.pwned=20</script>",
  );
  await harmless("dead letters");
  await at("/t/hostile/pipeline/<img src=x onerror=window.pwned=21>");
  await harmless("unknown part of the pipeline");
  await at("/t/hostile/coverage?mode=rules&log=<b>\u202e");
  await expect(page.getByRole("button", { name: "<b>" })).toBeVisible();
  await harmless("coverage of a hostile log source");
  await at("/t/hostile/rules?q=<script>&state=<b>&kind=x&level=y&sort=z");
  await expect(page.getByText("No rule matches.")).toBeVisible();
  await harmless("hostile filters");
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

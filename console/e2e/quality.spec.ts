import { violations } from "./axe.ts";
import { expect, fake, test } from "./pages.ts";

const PAGES: [name: string, path: string, ready: string][] = [
  ["queue", "/t/axe/alerts", ".row"],
  ["grouped", "/t/axe/alerts?group=host&q=hst:x&open=.fin-wks-0142", ".row:not(.group)"],
  ["hostile", "/t/hostile/alerts", ".row"],
  ["rules", "/t/axe/rules", ".rt-row"],
  ["rule", "/t/axe/rules/f0000001-5c1d-7e00-8a00-00009e3779b1", ".cm"],
  ["coverage", "/t/axe/coverage?tech=T1059", ".matrix"],
  ["pipeline", "/t/axe/pipeline", ".chart"],
  ["cost per rule", "/t/axe/pipeline/cost", ".cost tbody tr"],
  ["dead letters", "/t/axe/pipeline/dead-letters?letter=0:87004", ".sample"],
  ["checkpoints", "/t/axe/pipeline/checkpoints", ".figures tbody tr"],
  ["audit", "/t/axe/admin/audit?seq=240", ".audit-detail"],
  ["nothing in the log", "/t/empty/admin/audit", ".empty"],
  ["empty", "/t/empty/alerts", ".empty"],
  ["tenants", "/t/axe/admin/tenants?sel=acme", ".side-line"],
  ["hostile users", "/t/hostile/admin/users", ".dt"],
  ["keys", "/t/axe/admin/keys", ".dt"],
  ["enrolment", "/t/axe/admin/enrolment", ".dt"],
  ["value lists", "/t/axe/admin/lists", ".dt"],
  ["settings", "/t/axe/settings", ".key-list"],
  ["agents", "/t/axe/admin/agents?sel=00000000-0000-4000-8000-000000000500", ".collectors"],
  ["usage", "/t/axe/admin/usage", ".usage-bars rect"],
];

/** Pages that one test looks at, one after another: a browser window for each would cost more than the page. */
const AT_ONCE = 4;

// A low window: axe takes its time over every row.
test.use({
  colorScheme: "light",
  viewport: { width: 1440, height: 560 },
  contextOptions: { reducedMotion: "reduce" },
});

for (let first = 0; first < PAGES.length; first += AT_ONCE) {
  const some = PAGES.slice(first, first + AT_ONCE);
  test(`axe finds nothing: ${some.map(([name]) => name).join(", ")}`, async ({ page, at }) => {
    // axe itself takes its time on a busy machine.
    test.setTimeout(240_000);
    for (const [name, path, ready] of some) {
      await at(path);
      await expect(page.locator(ready).first(), name).toBeVisible();
      await violations(page, name);
    }
  });
}

test("axe finds nothing: preview, alert, timeline, raw event, dialogs, menu", async ({ page, at }) => {
  test.setTimeout(240_000);
  await at("/t/axe/alerts");
  await page.locator(".row").first().click();
  await expect(page.locator(".cd .pass").first()).toBeVisible();
  await violations(page, "preview");
  await page.getByRole("button", { name: /Last 24 h/ }).click();
  await violations(page, "menu");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keys" }).click();
  await violations(page, "help");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await violations(page, "palette");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Full page/ }).click();
  await expect(page.locator(".lanes rect").first()).toBeVisible();
  await violations(page, "alert");
  await page.keyboard.press("2");
  await violations(page, "timeline");
  await page.keyboard.press("3");
  await expect(page.locator(".json")).toBeVisible();
  await violations(page, "raw event");
  await page.keyboard.press("4");
  await expect(page.getByRole("region", { name: "Rule that fired" })).toBeVisible();
  await violations(page, "rule that fired");
  await at("/t/episodes/alerts");
  await page.locator(".row", { hasText: "Many encoded commands" }).first().click();
  await page.getByRole("button", { name: /Full page/ }).click();
  await expect(page.getByRole("region", { name: "Events of the episode" })).toBeVisible();
  await violations(page, "episode");
});

test("axe finds nothing: forms and secrets of the administration", async ({ page, at }) => {
  test.setTimeout(240_000);
  const tenant = `axe-forms`;
  for (const [section, button] of [
    ["users", "New user"],
    ["keys", "New key"],
    ["lists", "New list"],
    ["users", "Delete: grace"],
    ["agents?sel=00000000-0000-4000-8000-000000000500", "Send a command"],
    ["agents?sel=00000000-0000-4000-8000-000000000500", "Configuration"],
  ]) {
    await at(`/t/${tenant}/admin/${section}`);
    await page.getByRole("button", { name: button ?? "" }).click();
    await violations(page, button ?? "");
  }
  await at(`/t/${tenant}/admin/enrolment`);
  await page.getByRole("button", { name: "New token" }).click();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Shown this once.")).toBeVisible();
  await violations(page, "token");
});

test("axe finds nothing: choosing, deciding, taking back, history, chain, who is signed in", async ({
  page,
  at,
}) => {
  test.setTimeout(240_000);
  const tenant = `axe-triage`;
  await at(`/t/${tenant}/alerts`);
  await expect(page.locator(".row").nth(3)).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+J");
  await expect(page.getByRole("toolbar", { name: "Chosen alerts" })).toContainText("2 chosen");
  await violations(page, "chosen");
  await page.keyboard.press("f");
  await violations(page, "reason");
  await page.keyboard.press("1");
  await expect(page.getByRole("button", { name: /Undo/ })).toBeVisible();
  await violations(page, "undo");
  await at(`/t/${tenant}/alerts?q=status%3Aall`);
  await expect(page.locator(".st.false_positive").first()).toBeVisible();
  await page.locator(".row").first().click();
  await page.getByRole("button", { name: /Full page/ }).click();
  await expect(page.getByRole("list", { name: "History" })).toContainText("False positive");
  await page.keyboard.press("n");
  await violations(page, "note");
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  await violations(page, "decide");
  await page.keyboard.press("Escape");
  await violations(page, "history");
  await page.getByRole("button", { name: /Signed in as/ }).click();
  await violations(page, "who");
  await at(`/t/${tenant}/admin/audit`);
  await page.getByRole("button", { name: "Verify chain" }).click();
  await expect(page.getByText(/Unbroken to record/)).toBeVisible();
  await violations(page, "unbroken");
  await fake(page, tenant, "tamper?record=17");
  await page.getByRole("button", { name: "Verify chain" }).click();
  await expect(page.getByText("Broken at record 17")).toBeVisible();
  await violations(page, "broken");
});

test("the first queue load stays under 150 kB of script, and fits 200 % zoom", async ({ page, at }) => {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const scripts = new Map<string, number>();
  page.on("response", async (response) => {
    if (!response.url().endsWith(".js")) return;
    const body = await response.body();
    const { gzipSync } = await import("node:zlib");
    scripts.set(response.url(), gzipSync(body).length);
  });
  await at("/t/size/alerts");
  await expect(page.locator(".row").first()).toBeVisible();
  await page.waitForLoadState("load");
  const total = [...scripts.values()].reduce((a, b) => a + b, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(150_000);
  await page.setViewportSize({ width: 720, height: 450 });
  await expect(page.locator(".row").first()).toBeVisible();
});

import { expect, test } from "./pages.ts";

const SHARED = "00000000-0000-4000-8000-000000000700";

test("a query is saved under a name, found again, changed, shared and deleted", async ({ page, at }) => {
  await at("/t/views/alerts");
  const menu = page.locator(".vw .menu-anchor").first().getByRole("button").first();
  await expect(page.locator(".row").first()).toBeVisible();
  const query = page.getByRole("textbox", { name: "Query" });
  await query.fill("host:dc-ams-02");
  await page.keyboard.press("Enter");
  await menu.click();
  await page.getByRole("button", { name: "Save this query" }).click();
  const form = page.getByRole("dialog", { name: "Save filter" });
  await form.getByLabel("Name").fill("Domain controller");
  await page.keyboard.press("Enter");
  await expect(menu).toContainText("Domain controller");
  await expect(page).toHaveURL(/view=[0-9a-f-]{36}/);
  const saved = new URL(page.url()).searchParams.get("view");

  await at(`/t/views/alerts?view=${saved}`);
  await expect(page.locator(".tk")).toHaveText(/host:dc-ams-02/);
  await query.fill("severity:critical");
  await page.keyboard.press("Enter");
  await expect(menu).toContainText("changed");
  await menu.click();
  await page.getByRole("button", { name: "Save the change, rename, delete" }).click();
  const change = page.getByRole("dialog", { name: "Saved filter" });
  await change.getByLabel("Name").fill("Critical on the DC");
  await change.getByLabel("Shared").check();
  await change.getByRole("button", { name: "Save filter" }).click();
  await expect(menu).toHaveText("Critical on the DC");
  await page.reload();
  await expect(page.locator(".tk")).toHaveCount(2);

  await menu.click();
  await page.getByRole("button", { name: "Rename, share, delete" }).click();
  await change.getByRole("button", { name: "Delete filter" }).click();
  await change.getByRole("button", { name: /Delete it/ }).click();
  await expect(menu).toHaveText("Filters");
  await expect(page.locator(".tk")).toHaveCount(2);
  await menu.click();
  await expect(page.getByRole("menuitemradio")).toHaveCount(1);
});

test("a shared filter of somebody else is used and not changed; clearing the query leaves it", async ({
  page,
  at,
}) => {
  await at(`/t/views-shared/alerts?view=${SHARED}`);
  await expect(page.locator(".tk")).toHaveText(/severity:>=high/);
  const menu = page.locator(".vw .menu-anchor").first().getByRole("button").first();
  await expect(menu).toHaveText("Severe");
  await menu.click();
  await expect(page.getByRole("menuitemradio")).toHaveText(/Severeshared by ada/);
  await expect(page.getByRole("button", { name: /Rename/ })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear the query" }).click();
  await expect(menu).toHaveText("Filters");
  await expect(page).not.toHaveURL(/view=/);
  await page
    .getByRole("navigation", { name: "Views" })
    .getByRole("button", { name: /^Critical/ })
    .click();
  await expect(page).toHaveURL(/view=critical/);
});

test("a saved filter's name and query are text", async ({ page, at }) => {
  await at(`/t/hostile/alerts?view=${SHARED}`);
  const menu = page.locator(".vw .menu-anchor").first().getByRole("button").first();
  await expect(menu).toContainText('<img src=x onerror="window.pwned=20">');
  await menu.click();
  await expect(page.getByRole("menuitemradio").locator(".ctl").first()).toHaveText("U+202E");
  expect(await page.evaluate(() => window.pwned)).toBeUndefined();
});

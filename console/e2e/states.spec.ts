import { expect, fake, test } from "./pages.ts";

// The browser logs every failed request; that is not the page's own complaint.
const onlyNetwork = (complaints: string[]) =>
  complaints.splice(0).filter((text) => !/503|404|ERR_/.test(text));

test("no alerts: why, and one action", async ({ page, at }) => {
  await at("/t/empty/alerts");
  await expect(page.getByText("No alerts in this time.")).toBeVisible();
  await page.getByRole("button", { name: "Show all time" }).click();
  await expect(page.getByText("No alerts yet.")).toBeVisible();
  await at("/t/empty/rules");
  await expect(page.getByText("No rules are loaded.")).toBeVisible();
  await at("/t/empty/coverage?mode=fired");
  await expect(page.getByText("No technique is in this state.")).toBeVisible();
});

test("an error stands in its place with code, request id and Retry, and goes when the server is back", async ({
  page,
  at,
  complaints,
}) => {
  await fake(page, "flaky", "refuse?on=true");
  await at("/t/flaky/alerts");
  const box = page.getByRole("alert").filter({ hasText: "Alerts could not be read." });
  await expect(box).toContainText("ClickHouse does not answer.");
  await expect(box).toContainText("UNAVAILABLE");
  await expect(box).toContainText("req-4711");
  await fake(page, "flaky", "refuse?on=false");
  await box.getByRole("button", { name: "Retry" }).click();
  await expect(page.locator(".row").first()).toBeVisible();
  expect(onlyNetwork(complaints)).toEqual([]);
});

test("old rows stay while the server fails", async ({ page, at, complaints }) => {
  await at("/t/keep/alerts");
  await expect(page.locator(".row").first()).toBeVisible();
  await fake(page, "keep", "refuse?on=true");
  await fake(page, "keep", "drop");
  await expect(page.getByText(/Reconnecting, data from/)).toBeVisible();
  await expect(page.locator(".row").first()).toBeVisible();
  await fake(page, "keep", "refuse?on=false");
  await expect(page.getByText(/Updated \d+ s ago/)).toBeVisible({ timeout: 20_000 });
  expect(onlyNetwork(complaints)).toEqual([]);
});

test("a slow answer shows a skeleton, a quick one none", async ({ page, at }) => {
  await page.route("**/v1/tenants/slow/alerts?**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 900));
    await route.continue();
  });
  await at("/t/slow/alerts");
  await expect(page.locator('.skeleton[aria-label="Loading alerts"] i').first()).toBeVisible();
  await expect(page.locator(".row").first()).toBeVisible();
  await expect(page.locator(".skeleton")).toHaveCount(0);
});

test("an unknown address says so", async ({ page, at }) => {
  await at("/t/default/nowhere");
  await expect(page.getByText("No page has this address.")).toBeVisible();
});

import { readFileSync } from "node:fs";
import { expect, fake, test } from "./pages.ts";

const records = ".audit tbody tr";

test("the log is read newest first in pages, and by actor and outcome", async ({ page, at }) => {
  await at("/t/log/alerts");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Admin" }).click();
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(page).toHaveURL(/\/t\/log\/admin\/audit$/);
  await expect(page.locator(records)).toHaveCount(100);
  await expect(page.locator(records).first()).toContainText("RuleDeploymentService/DeployRules");
  await expect(page.getByText("Records 141 to 240")).toBeVisible();
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page.getByText("Records 41 to 140")).toBeVisible();
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page.getByText("Records 1 to 40")).toBeVisible();
  await expect(page.getByRole("link", { name: "Older" })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByText("Records 41 to 140")).toBeVisible();
  await page.getByRole("combobox", { name: "Outcome" }).selectOption("refused");
  await expect(page.locator(records)).toHaveCount(27);
  await page
    .getByRole("button", { name: /^Record / })
    .first()
    .click();
  await expect(page.locator(".audit-detail")).toContainText("Hash before");
  await page.reload();
  await expect(page.locator(".audit-detail")).toContainText("Hash before");
  await page.getByRole("textbox", { name: "Actor" }).fill("user:nobody@acme");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No records match.")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(page.getByText("Records 141 to 240")).toBeVisible();
});

test("the log is searched by method and by time, and the address keeps it", async ({ page, at }) => {
  await at("/t/searched/admin/audit");
  await page.getByRole("textbox", { name: "Method" }).fill("ListUsers");
  await page.keyboard.press("Enter");
  await expect(page.locator(records)).toHaveCount(27);
  await expect(page).toHaveURL(/method=ListUsers/);
  await page.getByRole("button", { name: /All time/ }).click();
  await page.getByRole("menuitemradio", { name: "Last hour" }).click();
  await expect(page).toHaveURL(/from=now-1h/);
  await expect.poll(() => page.locator(records).count()).toBeLessThan(8);
  expect(await page.locator(records).count()).toBeGreaterThan(4);
  const shown = await page.locator(records).count();
  await page.reload();
  await expect(page.locator(records)).toHaveCount(shown);
});

test("a record is proven in the browser against the day's root and signature; a wrong path is found", async ({
  page,
  at,
}) => {
  await at("/t/acme/admin/audit?seq=14");
  await page.getByLabel("Day, UTC").fill("2026-11-20");
  await page.getByRole("button", { name: "Seal", exact: true }).click();
  const seal = page.getByRole("region", { name: "Seal of 2026-11-20" });
  await expect(seal).toContainText("2026-11-20: records 12 to 18");
  await expect(seal).toContainText("Public key");
  await page.getByRole("button", { name: "Prove that it is in the log" }).click();
  await expect(
    page.getByText("In the tree of 2026-11-20, checked by this browser, signature too"),
  ).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download proof" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("tidewatch-audit-2026-11-20-record-14.json");
  const proof = JSON.parse(readFileSync(await file.path(), "utf8")) as { proven: { path: string[] } };
  expect(proof.proven.path).toHaveLength(3);
  await fake(page, "acme", "tamper?record=14");
  await page.getByRole("button", { name: "Prove that it is in the log" }).click();
  await expect(page.getByText("Not proven: its path does not lead to the root")).toBeVisible();
});

test("a decision is in the log, and the chain is verified to it, until somebody tampers", async ({
  page,
  at,
}) => {
  await at("/t/chain/alerts");
  await expect(page.locator(".row").first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("f");
  await page.keyboard.press("1");
  await expect(page.getByText("False positive: 1 alert")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(page.locator(records).first()).toContainText("AlertService/SetDisposition");
  await page.getByRole("button", { name: "Verify chain" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Unbroken to record 241" })).toBeVisible();
  await fake(page, "chain", "tamper?record=233");
  await page.getByRole("button", { name: "Verify chain" }).click();
  const seal = page.getByRole("alert");
  await expect(seal).toContainText("Broken at record 233: its hash is not that of what it says");
  await seal.getByRole("button", { name: "Show it" }).click();
  await expect(page.locator("tr.on")).toContainText("233");
});

test("a day is exported whole, with its root and proofs", async ({ page, at }) => {
  await at("/t/export/admin/audit");
  await page.getByLabel("Day, UTC").fill("2026-11-19");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export day" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("tidewatch-audit-2026-11-19.json");
  const day = JSON.parse(readFileSync(await file.path(), "utf8")) as {
    root: { day: string; signature: string };
    records: { leafIndex: string; path: string[]; record: { sequence: string } }[];
  };
  expect(day.root).toMatchObject({ day: "2026-11-19", signature: "c2ln" });
  expect(day.records.map((each) => each.record.sequence)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  expect(day.records.every((each) => each.path.length === 1)).toBe(true);
  await expect(page.getByText("7 records with proofs")).toBeVisible();
});

test("a log that cannot be read says so in its place", async ({ page, at, complaints }) => {
  await at("/t/broken/admin/audit");
  await expect(page.getByText("Audit records could not be read.")).toBeVisible({ timeout: 10_000 });
  expect(complaints.splice(0).filter((text) => !text.includes("503"))).toEqual([]);
});

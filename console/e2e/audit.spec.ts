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

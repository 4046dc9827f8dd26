import { expect, test } from "./pages.ts";

test("all rules with their figures, filtered and sorted by the address", async ({ page, at }) => {
  await at("/t/rules/rules");
  const table = page.getByRole("table", { name: "Rules" });
  const row = (title: string) => table.getByRole("row").filter({ hasText: title });
  const first = row("Encoded PowerShell started by Office");
  await expect(first).toContainText("v13 live");
  await expect(first).toContainText("v14 shadow");
  await expect(first.getByRole("cell").nth(2)).toHaveText("2 of 2");
  await expect(first.getByRole("cell").last()).toHaveText("54 %");
  await expect(row("Kerberoasting").getByRole("cell").last()).toHaveText("too few");
  await expect(row("Dump, then a way out")).toContainText("pattern");
  await expect(row("Double extension")).toContainText("TW-R0001 failed on too many events");
  await expect(page.getByText("Unknown modifier “contain”. The rule is refused.")).toBeVisible();
  await expect(page.getByText(/17 live, 1 in shadow; revision 7 is active on 2 of 2 subtasks/)).toBeVisible();

  await page.getByRole("button", { name: "Stage" }).click();
  await page.getByRole("menuitemradio", { name: "Shadow" }).click();
  await expect(page).toHaveURL(/state=shadow/);
  await expect(table.getByRole("row")).toHaveCount(2);
  await at("/t/rules/rules?kind=correlation");
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(row("Many encoded commands on one host")).toBeVisible();
  await at("/t/rules/rules?level=critical&sort=cost");
  await expect(table.getByRole("row").nth(1)).toContainText("Encoded PowerShell");
  await expect(table.getByRole("columnheader", { name: "Cost" })).toHaveAttribute("aria-sort", "descending");
  await page.reload();
  await expect(table.getByRole("row")).toHaveCount(4);
  await page.keyboard.press("/");
  await page.keyboard.type("no such rule");
  await expect(page.getByText("No rule matches.")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(table).toBeVisible();
});

test("one rule: its source, its figures, what it raised, what it refers to", async ({ page, at }) => {
  await at("/t/rules/rules?q=kerberoast");
  await page.getByRole("link", { name: /Kerberoasting/ }).click();
  await expect(page).toHaveURL(/\/rules\/[0-9a-f-]{36}\?q=kerberoast/);
  await expect(page.getByRole("heading", { level: 2 })).toContainText("Kerberoasting");
  await expect(page.getByRole("region", { name: "Rule source" })).toContainText("title:");
  await expect(page.locator(".cm .md").first()).toHaveText("|endswith");
  const figures = page.getByRole("region", { name: "Figures" });
  await expect(figures).toContainText("active on 2 of 2 subtasks");
  await expect(figures).toContainText(/too few 2 decided/);
  await page.getByRole("searchbox").or(page.getByLabel("Search rules")).fill("encoded commands");
  await page.getByRole("button", { name: /Many encoded commands/ }).click();
  await page.getByRole("link", { name: "f0000001" }).click();
  await expect(page.getByRole("heading", { level: 2 })).toContainText("Encoded PowerShell");
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/\/edit$/);
});

test("ten thousand rules would not all be in the page", async ({ page, at }) => {
  await page.route("**/v1/tenants/big/rules?*", async (route) => {
    const rules = Array.from({ length: 1000 }, (_, i) => ({
      ruleId: `r${route.request().url().includes("page_token") ? "n" : "f"}${i}`,
      title: `Rule ${i}`,
      level: "LEVEL_LOW",
      kind: "detection",
    }));
    const more = route.request().url().includes("page_token=9")
      ? {}
      : { nextPageToken: nextToken(route.request().url()) };
    await route.fulfill({ json: { rules, total: "10000", ...more } });
  });
  await at("/t/big/rules");
  const table = page.getByRole("table", { name: "Rules" });
  await expect(table).toHaveAttribute("aria-rowcount", "10001");
  expect(await page.locator(".rt-row").count()).toBeLessThan(80);
});

/** Ten pages: 1, 2, … 9. */
function nextToken(url: string): string {
  const token = Number(new URL(url).searchParams.get("page_token") ?? 0);
  return String(token + 1);
}

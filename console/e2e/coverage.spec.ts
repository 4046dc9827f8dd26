import { expect, test } from "./pages.ts";

test("a cell says what is proven; a technique leads to its rules, its alerts and what is missing", async ({
  page,
  at,
}) => {
  await at("/t/coverage/coverage");
  const cell = (name: RegExp) => page.getByRole("button", { name }).first();
  await expect(cell(/Command and Scripting Interpreter/)).toHaveClass(/proven/);
  await expect(cell(/Command and Scripting Interpreter/)).toContainText("proven");
  await expect(cell(/Active Scanning/)).toHaveClass(/none/);
  // Its only rule is retired.
  await expect(cell(/Account Discovery/)).toHaveClass(/none/);
  await expect(page.getByText(/\d+ of \d+ techniques with rules are proven/)).toBeVisible();
  await cell(/Command and Scripting Interpreter/).click();
  await expect(page).toHaveURL(/tech=T1059/);
  const detail = page.getByRole("complementary", { name: "Technique" });
  await expect(detail).toContainText("decided true");
  await expect(detail).toContainText("Encoded PowerShell started by Office");
  await detail.getByRole("link", { name: /T1059\.001/ }).click();
  await expect(page).toHaveURL(/q=technique%3AT1059\.001/);
  await expect(page.locator(".row").first()).toContainText("Encoded PowerShell");
});

test("the address holds state and log source; what no data comes for is named", async ({ page, at }) => {
  await at("/t/coverage/coverage?mode=nodata&from=now-15m");
  await page.route("**/logsources", (route) => route.fulfill({ json: { logSources: [] } }));
  await page.reload();
  const box = page.getByRole("region", { name: "ATT&CK matrix" });
  await expect(box.getByRole("button").first()).toHaveClass(/nodata/);
  await box.getByRole("button").first().click();
  await expect(page.getByRole("region", { name: "Missing data" })).toContainText(
    "windows / process_creation",
  );
  await page.getByRole("button", { name: "Log source" }).click();
  await page.getByRole("menuitemradio", { name: "zeek" }).click();
  await expect(page).toHaveURL(/log=zeek/);
  await page.unroute("**/logsources");
  await at("/t/coverage/coverage?mode=rules&log=zeek");
  await expect(box.getByRole("button")).toHaveCount(1);
});

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./pages.ts";

const EVENTS = `{"EventID": 1, "CommandLine": "powershell -enc SQBFAFgA"}
{"EventID": 1, "CommandLine": "powershell -ec SQBFAFgA <img src=x onerror=alert(1)>"}
{"EventID": 1, "CommandLine": "broken`;

test("a rule with a mistake is mended by its diagnostics and tested on events", async ({ page, at }) => {
  await at("/t/default/rules");
  await page.getByRole("link", { name: "New rule" }).click();
  const editor = page.getByRole("textbox", { name: "Rule, YAML" });
  await expect(page.getByText("Compiles")).toBeVisible();

  await editor.click();
  // Chromium itself writes inline styles when typing replaces a selection.
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(
    "title: Encoded PowerShell\ndetection:\n  selection:\n    CommandLine|containz: ' -enc '\n",
  );
  const problems = page.getByRole("region", { name: "Problems" });
  await expect(problems).toContainText("did you mean contains?");
  await expect(page.getByText("1 error")).toBeVisible();
  await problems.getByRole("button", { name: "4:17" }).click();
  await page.keyboard.press("Control+Delete");
  await page.keyboard.insertText("contains");
  await expect(page.getByText("Compiles")).toBeVisible();

  await page.getByRole("textbox", { name: "Test events, JSON" }).fill(EVENTS);
  await page.keyboard.press("Control+Enter");
  const results = page.getByRole("region", { name: "Results" });
  await expect(results).toContainText("1 of 3 match");
  await expect(results).toContainText("unreadable");
  await results.getByRole("button", { name: /no match/ }).click();
  const why = page.getByRole("region", { name: "Why" });
  await expect(why).toContainText("value differs");
  await expect(why).toContainText("<img src=x onerror=alert(1)>");
  await expect(page.getByRole("region", { name: "Episodes" })).toContainText("event count");
});

test("a rule goes to shadow, live, and back", async ({ page, at }) => {
  await at("/t/stages/rules/new/edit");
  const versions = page.getByRole("list", { name: "Versions" });
  await page.getByRole("button", { name: "Deploy to shadow" }).click();
  await expect(versions).toContainText("v1 shadow");
  await expect(page.getByRole("region", { name: "Running versions" })).toContainText("2 of 2");
  await page.getByRole("button", { name: "Deploy live" }).click();
  await expect(versions).toContainText("v1 live");
  await page.getByRole("button", { name: "Deploy live" }).click();
  await expect(versions).toContainText("v2 live");
  await page.getByRole("button", { name: "Roll back…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await expect(versions).toContainText("v1 live");
});

test("fields and modifiers are offered where they may stand", async ({ page, at }) => {
  await at("/t/default/rules/new/edit");
  const editor = page.getByRole("textbox", { name: "Rule, YAML" });
  await editor.click();
  // Chromium itself writes inline styles when typing replaces a selection.
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText("logsource: {product: windows}\ndetection:\n  selection:\n    Comm");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /CommandLine/ }).click();
  await page.keyboard.insertText("|end");
  await page.keyboard.press("Control+Space");
  await expect(page.getByRole("option", { name: "endswith" })).toBeVisible();
});

for (const scheme of ["dark", "light"] as const) {
  test(`the workbench has no accessibility violation in ${scheme}`, async ({ page, at }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await at("/t/default/rules/new/edit");
    await page.getByRole("textbox", { name: "Test events, JSON" }).fill(EVENTS);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("region", { name: "Results" })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(" ")}`),
    ).toEqual([]);
  });
}

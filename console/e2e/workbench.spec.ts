import { violations } from "./axe.ts";
import { expect, fake, test } from "./pages.ts";

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

const FIRST = "f0000001-5c1d-7e00-8a00-00009e3779b1";
const bench = (tenant: string, rest = "") => `/t/${tenant}/rules/${FIRST}/edit${rest}`;

test("a new rule goes to shadow, live, on to a second version, and back", async ({ page, at }) => {
  await at("/t/stages/rules/new/edit");
  const versions = page.getByRole("list", { name: "Versions" });
  await expect(page.getByText("Compiles")).toBeVisible();
  await page.getByRole("button", { name: "Deploy to shadow" }).click();
  await expect(versions).toContainText("v1 shadow");
  await expect(page.getByRole("region", { name: "Running versions" })).toContainText("2 of 2");
  await page.getByRole("button", { name: "Deploy live" }).click();
  await expect(versions).toContainText("v1 live");
  await page.getByRole("textbox", { name: "Rule, YAML" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("# mended\n");
  await expect(page.getByText("not saved")).toBeVisible();
  await page.getByRole("button", { name: "Deploy live" }).click();
  await expect(versions).toContainText("v2 live");
  await expect(page.getByText("version 2", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Roll back…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await expect(versions).toContainText("v1 live");
});

test("F8 goes to the next problem, Alt-Enter takes what the compiler proposes", async ({ page, at }) => {
  await at("/t/fixes/rules/new/edit");
  await page.getByRole("textbox", { name: "Rule, YAML" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText("title: A\ndetection:\n  selection:\n    CommandLine|containz: ' -enc '\n");
  const problems = page.getByRole("region", { name: "Problems" });
  await expect(problems.getByRole("button", { name: "Use contains" })).toBeVisible();
  await expect(page.getByText("Deploy is off: mend the errors first")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save draft…" })).toBeDisabled();
  await page.keyboard.press("F8");
  await page.keyboard.press("Alt+Enter");
  await expect(page.getByRole("textbox", { name: "Rule, YAML" })).toContainText(
    "CommandLine|contains: ' -enc '",
  );
  await expect(page.getByText("Compiles")).toBeVisible();
});

test("versions stand side by side with what differs; the address holds it", async ({ page, at }) => {
  await at(bench("diffs"));
  const versions = page.getByRole("list", { name: "Versions" });
  await expect(versions.getByRole("button")).toHaveText([/v13 live/, /v14 shadow/, /v15 draft/]);
  await versions.getByRole("button", { name: /v14/ }).click();
  await expect(page).toHaveURL(/diff=14/);
  const diff = page.getByRole("region", { name: "Compared with version 14" });
  await expect(diff).toContainText("1 line added, 0 removed");
  await expect(diff.locator(".added")).toContainText("# draft");
  await versions.getByRole("button", { name: /v13/ }).click();
  await expect(page).toHaveURL(/diff=13/);
  const live = page.getByRole("region", { name: "Compared with version 13" });
  await expect(live).toContainText("2 lines added, 1 removed");
  await expect(live.locator(".added").first()).toContainText("condition: all of them and not 1 of filter*");
  await versions.getByRole("button", { name: /v14/ }).click();
  await diff.getByRole("button", { name: "Side by side" }).click();
  await expect(page).toHaveURL(/view=side/);
  await page.reload();
  await expect(diff.locator(".half.added")).toHaveCount(1);
  await diff.getByRole("button", { name: "Take v14" }).click();
  await expect(diff).toHaveCount(0);
  await expect(page.getByText("not saved")).toBeVisible();
});

test("a shadow is watched against the live version, and promoted over a gate that does not hold", async ({
  page,
  at,
}) => {
  await at(bench("gates", "?tab=shadow"));
  const shadow = page.getByRole("region", { name: "Shadow against live" });
  await expect(shadow).toContainText("Shadow v14 against live v13");
  const gate = (name: string) => shadow.getByRole("row", { name });
  await expect(gate("Active on subtasks")).toContainText("2 of 2");
  await expect(gate("Alerts, last 24 h").getByRole("img", { name: "holds" })).toBeVisible();
  await expect(gate("True rate, decided")).toContainText("36 %");
  await expect(gate("Time in shadow")).toContainText("3 d");
  await expect(shadow.getByRole("img", { name: "does not hold" })).toHaveCount(0);
  await page.getByRole("button", { name: "Promote v14…" }).click();
  const dialog = page.getByRole("dialog", { name: "Promote version 14" });
  await dialog.getByLabel("Comment, optional").fill("Gates hold <b>all</b>");
  await dialog.getByRole("button", { name: "Promote", exact: true }).click();
  await expect(page.getByRole("list", { name: "Versions" })).toContainText("v14 live");
  await expect(page.getByText("No version is in shadow.")).toBeVisible();
  await page.getByRole("tab", { name: "History" }).click();
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByRole("listitem").first()).toContainText("Gates hold <b>all</b>");
  await history.getByRole("button", { name: "v13" }).click();
  await expect(page.getByRole("region", { name: "Compared with version 13" })).toBeVisible();

  await at("/t/young/rules/new/edit?tab=shadow");
  await page.getByRole("button", { name: "Deploy to shadow" }).click();
  await page.getByRole("button", { name: "Promote v1…" }).click();
  await expect(page.getByRole("dialog")).toContainText("1 gate does not hold.");
  await page.getByRole("dialog").getByRole("button", { name: "Promote anyway" }).click();
  await expect(page.getByRole("list", { name: "Versions" })).toContainText("v1 live");
});

test("a draft is kept with its comment; who comes second is told, and can go on", async ({
  page,
  at,
  complaints,
}) => {
  await at(bench("conflict"));
  await expect(page.getByText("Compiles")).toBeVisible();
  await page.getByRole("textbox", { name: "Rule, YAML" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("# what I want\n");
  await fake(page, "conflict", `colleague?rule=${FIRST}`);
  const save = async () => {
    await page.getByRole("button", { name: "Save draft…" }).click();
    const dialog = page.getByRole("dialog", { name: "Save as a draft" });
    await dialog.getByLabel("Comment, optional").fill("Mine");
    await dialog.getByRole("button", { name: "Save draft" }).click();
  };
  await save();
  const faster = page.getByRole("dialog", { name: "Somebody else changed this rule" });
  await expect(faster).toContainText("somebody else (user:bob@acme) has made version 16");
  await faster.getByRole("button", { name: "Compare with theirs" }).click();
  const diff = page.getByRole("region", { name: "Compared with version 16" });
  await expect(diff.locator(".removed", { hasText: "# mine" })).toBeVisible();
  await expect(diff.locator(".added", { hasText: "# what I want" })).toBeVisible();
  await diff.getByRole("button", { name: "Back to the editor" }).click();
  await save();
  await faster.getByRole("button", { name: "Go on from theirs with my text" }).click();
  await save();
  await expect(page.getByText("Saved as version 17.")).toBeVisible();
  await expect(page.getByRole("list", { name: "Versions" })).toContainText("v17 draft");
  // The browser itself logs what the server refused.
  expect(complaints.splice(0).every((complaint) => complaint.includes("409"))).toBe(true);
});

test("while Kafka is away a deploy is recorded and waits, and says so", async ({ page, at }) => {
  await at(bench("away"));
  await expect(page.getByText("Compiles")).toBeVisible();
  await fake(page, "away", "kafka?on=false");
  await page.getByRole("button", { name: "Promote v14…" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Promote/ })
    .click();
  await expect(page.getByText("It waits for Kafka.")).toBeVisible();
  const waits = page.getByRole("status").filter({ hasText: "is recorded and waits for Kafka" });
  await expect(waits).toBeVisible();
  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.getByRole("region", { name: "History" })).toContainText("waits for Kafka");
  await fake(page, "away", "kafka?on=true");
  await expect(waits).toHaveCount(0);
});

test("what is not saved is not lost by a key", async ({ page, at }) => {
  await at(bench("leave"));
  await expect(page.getByText("Compiles")).toBeVisible();
  await page.getByRole("textbox", { name: "Rule, YAML" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("# more\n");
  await page.getByRole("tab", { name: "Tests" }).focus();
  await page.keyboard.press("Escape");
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(page).toHaveURL(/edit/);
  await page.getByRole("tab", { name: "Tests" }).focus();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(/\/rules\/f[0-9a-f-]{35}$/);
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

test("the workbench has no accessibility violation in either theme", async ({ page, at }) => {
  test.setTimeout(180_000);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await at("/t/default/rules/new/edit");
  await page.getByRole("textbox", { name: "Test events, JSON" }).fill(EVENTS);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("region", { name: "Results" })).toBeVisible();
  await violations(page, "tests");
  await at(bench("axe-bench", "?tab=shadow&diff=13"));
  await expect(page.locator(".dl.removed")).toBeVisible();
  await expect(page.getByRole("region", { name: "Shadow against live" })).toBeVisible();
  await violations(page, "shadow and differences");
  await page.getByRole("button", { name: "Side by side" }).click();
  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.getByRole("region", { name: "History" })).toBeVisible();
  await violations(page, "side by side and history");
  await page.getByRole("button", { name: "Promote v14…" }).click();
  await violations(page, "promote");
});

import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";

/**
 * A detection engineer's day against a running Tidewatch: TIDEWATCH_URL is its console, TIDEWATCH_USER and
 * TIDEWATCH_PASSWORD sign in, and telemetry goes where everybody's goes: TIDEWATCH_INGEST with the API key
 * TIDEWATCH_KEY. Pictures go to TIDEWATCH_SCREENSHOTS when it names a directory.
 */
const url = process.env["TIDEWATCH_URL"];
const ingest = process.env["TIDEWATCH_INGEST"] ?? "";
const key = process.env["TIDEWATCH_KEY"] ?? "";
const pictures = process.env["TIDEWATCH_SCREENSHOTS"];

/** Event time is in order per stream, and the pipeline waits for stragglers. */
const PIPELINE = { timeout: 30_000 };
/** Active on every subtask. */
const ALL = /^(\d+) of \1$/;
/** Of its own, so that it may run again on the same Tidewatch. */
const ID = randomUUID();
const BACKUP_HOST = `bak-${ID.slice(0, 4)}`;
const TITLE = `Volume shadow copies deleted by hand (${ID.slice(0, 4)})`;
const COMMAND = "vssadmin.exe delete shadows /all /quiet";

const rule = (contains: string, filter = "") => `title: ${TITLE}
id: ${ID}
status: experimental
description: Shadow copies are deleted, so that nothing can be restored.
author: Journey
date: 2026-11-21
tags:
  - attack.impact
  - attack.t1490
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    Image|endswith: '\\vssadmin.exe'
    CommandLine|${contains}|all:
      - 'delete'
      - 'shadows'
${filter}  condition: ${filter ? "selection and not backup" : "selection"}
falsepositives:
  - Backup software that tidies up after itself
level: high
`;

/** As Sysmon writes it, flat. */
const sysmon = (host: string, commandLine: string, user = "ACME\\ada") => ({
  Channel: "Microsoft-Windows-Sysmon/Operational",
  EventID: 1,
  UtcTime: new Date().toISOString().replace("T", " ").slice(0, -1),
  Computer: host,
  Image: "C:\\Windows\\System32\\vssadmin.exe",
  ParentImage: "C:\\Windows\\System32\\cmd.exe",
  CommandLine: commandLine,
  User: user,
});

async function send(...events: object[]) {
  const answer = await fetch(new URL("/v1/telemetry", ingest), {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: events.map((each) => JSON.stringify(each)).join("\n"),
  });
  expect(await answer.json()).toMatchObject({ accepted: events.length });
}

/** As a paste does. */
async function write(page: Page, text: string) {
  await page.getByRole("textbox", { name: "Rule, YAML" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

async function picture(page: Page, name: string) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `journey-${name}.png`) });
}

/** The row of a version under "Running versions": active on, matches, alerts, … */
const figures = (page: Page, version: string) =>
  page.getByRole("region", { name: "Running versions" }).getByRole("row", { name: version });

test("a rule from its first mistake to its rollback, and the record of it", async ({ page }) => {
  test.skip(!url, "TIDEWATCH_URL names no server");
  test.setTimeout(240_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // Chromium reports what is refused before sign-in, and that a rule not deployed yet has no status.
    const expected = /status of (401|404)/.test(message.text());
    if (message.type() === "error" && !expected) complaints.push(message.text());
  });
  const at = (path: string) => page.goto(new URL(path, url).href);

  await test.step("sign in", async () => {
    await at("/t/default/rules");
    await page.getByLabel("User").fill(process.env["TIDEWATCH_USER"] ?? "");
    await page.getByLabel("Password").fill(process.env["TIDEWATCH_PASSWORD"] ?? "");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("link", { name: "New rule" })).toBeVisible();
  });

  await test.step("write a rule with a mistake, and mend it by its diagnostics", async () => {
    await page.getByRole("link", { name: "New rule" }).click();
    await expect(page.getByText("Compiles")).toBeVisible();
    await write(page, rule("containz"));
    const problems = page.getByRole("region", { name: "Problems" });
    await expect(problems).toContainText("did you mean 'contains'?");
    await expect(page.getByRole("button", { name: "Deploy to shadow" })).toBeDisabled();
    await picture(page, "1-mistake");
    await problems.getByRole("button", { name: "16:17" }).click();
    await page.keyboard.press("Control+Delete");
    await page.keyboard.insertText("contains");
    await expect(page.getByText("Compiles")).toBeVisible();
    await expect(problems).toContainText("none");
  });

  await test.step("test it on events", async () => {
    const events = [sysmon("fin-0142", COMMAND), sysmon("fin-0142", "vssadmin.exe list shadows")];
    await page
      .getByRole("textbox", { name: "Test events, JSON" })
      .fill(events.map((each) => JSON.stringify(each)).join("\n"));
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("region", { name: "Results" })).toContainText("1 of 2 match");
    await picture(page, "2-tested");
  });

  await test.step("deploy to shadow, and see its matches without an alert", async () => {
    await page.getByRole("button", { name: "Deploy to shadow" }).click();
    await expect(page.getByRole("list", { name: "Versions" })).toContainText("v1 shadow", PIPELINE);
    await expect(figures(page, "v1 shadow").getByRole("cell").first()).toHaveText(ALL, PIPELINE);
    await send(sysmon("fin-0142", COMMAND), sysmon("fin-0142", "vssadmin.exe list shadows"));
    await expect(figures(page, "v1 shadow").getByRole("cell").nth(1)).toHaveText("1", PIPELINE);
    await picture(page, "3-shadow");
    const queue = await page.context().newPage();
    await queue.goto(new URL(`/t/default/alerts?from=all&q=${encodeURIComponent(`"${TITLE}"`)}`, url).href);
    await expect(queue.getByText("No alerts match.").or(queue.getByText("No alerts yet."))).toBeVisible();
    await queue.close();
  });

  await test.step("promote it, and get an alert", async () => {
    await page.getByRole("button", { name: "Deploy live" }).click();
    await expect(page.getByRole("list", { name: "Versions" })).toContainText("v1 live", PIPELINE);
    await expect(figures(page, "v1 live").getByRole("cell").first()).toHaveText(ALL, PIPELINE);
    await send(sysmon(BACKUP_HOST, COMMAND, "ACME\\backup"));
    await expect(figures(page, "v1 live").getByRole("cell").nth(2)).toHaveText("1", PIPELINE);
    await picture(page, "4-live");
  });

  await test.step("mark the alert false positive", async () => {
    await at("/t/default/alerts?from=all");
    const row = page.locator(".row:not(.group)").filter({ hasText: TITLE });
    await expect(row).toHaveCount(1, PIPELINE);
    await row.click();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Why it fired" })).toBeVisible();
    await picture(page, "5-alert");
    await page.keyboard.press("f");
    await page.getByRole("dialog").getByLabel("Comment, optional").fill("The nightly backup does this.");
    // The page shows the verdict at once; the server has it when it has answered.
    const kept = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.ok());
    await page.getByRole("list", { name: "Reason" }).getByRole("button").first().click();
    await kept;
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.reload();
    await expect(page.locator(".state-line")).toContainText("False positive");
    await picture(page, "6-false-positive");
  });

  await test.step("narrow the rule, then roll it back", async () => {
    await at(`/t/default/rules/${ID}/edit`);
    await expect(page.getByText("Compiles")).toBeVisible();
    await write(page, rule("contains", "  backup:\n    User|endswith: 'backup'\n"));
    await expect(page.getByText("Compiles")).toBeVisible();
    await page.getByRole("button", { name: "Deploy live" }).click();
    await expect(page.getByRole("list", { name: "Versions" })).toContainText("v2 live", PIPELINE);
    await expect(figures(page, "v2 live").getByRole("cell").first()).toHaveText(ALL, PIPELINE);
    await page.getByRole("button", { name: "Roll back…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back", exact: true }).click();
    await expect(page.getByRole("list", { name: "Versions" })).toContainText("v1 live", PIPELINE);
    await expect(figures(page, "v1 live").getByRole("cell").first()).toHaveText(ALL, PIPELINE);
    await picture(page, "7-rolled-back");
  });

  await test.step("see it all in the audit log, and verify the chain", async () => {
    await at("/t/default/admin/audit");
    const records = page.getByRole("region", { name: "Records" });
    for (const method of ["DeployRules", "RollbackRule", "SetDisposition"]) {
      await expect(records).toContainText(method);
    }
    await page.getByRole("button", { name: "Verify chain" }).click();
    await expect(page.getByRole("status").filter({ hasText: /Unbroken/ })).toBeVisible(PIPELINE);
    await picture(page, "8-audit");
  });
  expect(complaints).toEqual([]);
});

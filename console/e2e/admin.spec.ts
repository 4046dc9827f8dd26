import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { baseUrl, expect, fake, test } from "./pages.ts";

const rows = (page: Page, table: string) => page.getByRole("table", { name: table }).locator("tbody tr");
const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });

// The browser logs every refused request; that is not the page's own complaint.
const refusals = (complaints: string[]) =>
  expect(complaints.splice(0).filter((text) => !/status of (400|409|503)/.test(text))).toEqual([]);

/** A session without the form. */
async function as(page: Page, user: string) {
  const value = `fake.${encodeURIComponent(user)}`;
  await page.context().addCookies([{ name: "tidewatch_session", value, url: baseUrl() }]);
}

test("tenants: created, limited, and deleted by typing the name, with a certificate of what went", async ({
  page,
  at,
}) => {
  await at("/t/default/alerts");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Admin" }).click();
  await expect(page).toHaveURL(/\/t\/default\/admin\/tenants$/);
  await page.getByRole("button", { name: "New tenant" }).click();
  const form = dialog(page, "New tenant");
  await expect(form.getByLabel("Id")).toBeFocused();
  await form.getByLabel("Id").fill("no spaces");
  await expect(form.getByRole("button", { name: "Create tenant" })).toBeDisabled();
  await form.getByLabel("Id").fill("northwind");
  await form.getByLabel("Name").fill("Northwind Energy");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sel=northwind/);
  const side = page.getByRole("complementary", { name: "Tenant" });
  await expect(side.getByRole("heading", { name: "northwind" })).toBeVisible();

  await side.getByLabel("Events").first().fill("7");
  await expect(side).toContainText("Older events are deleted, and cannot be brought back.");
  await side.getByRole("button", { name: "Save retention" }).click();
  await expect(page.getByText("Retention saved")).toBeVisible();
  await side.getByLabel("Users").fill("many");
  await expect(side).toContainText("Whole numbers without a sign, or nothing.");
  await side.getByLabel("Users").fill("");
  await side.getByLabel("Bytes").last().fill("5,000,000,000");
  await expect(side).toContainText("5.0 GB a day");
  await side.getByRole("button", { name: "Save quotas" }).click();
  await expect(page.getByText("Quotas saved")).toBeVisible();
  await page.reload();
  await expect(side.getByLabel("Events").first()).toHaveValue("7");
  await expect(side.getByLabel("Users")).toHaveValue("");
  await expect(side.getByLabel("Bytes").last()).toHaveValue("5000000000");

  await side.getByRole("button", { name: "Suspend tenant" }).click();
  await dialog(page, "Suspend tenant").getByLabel("Reason").fill("not paid");
  await dialog(page, "Suspend tenant").getByRole("button", { name: "Suspend tenant" }).click();
  await expect(rows(page, "Tenants").filter({ hasText: "northwind" })).toContainText("Suspended");
  await side.getByRole("button", { name: "Resume tenant" }).click();
  await expect(rows(page, "Tenants").filter({ hasText: "northwind" })).toContainText("Active");

  await side.getByRole("button", { name: "Delete tenant" }).click();
  const sure = dialog(page, "Delete tenant");
  await expect(sure.getByRole("button", { name: "Delete tenant" })).toBeDisabled();
  await sure.getByLabel("Type its name").fill("northwin");
  await expect(sure.getByRole("button", { name: "Delete tenant" })).toBeDisabled();
  await sure.getByLabel("Type its name").fill("northwind");
  await sure.getByRole("button", { name: "Delete tenant" }).click();
  const certificate = dialog(page, "Certificate of deletion");
  await expect(certificate).toContainText("clickhouse.events");
  await expect(certificate).toContainText("120,345");
  await expect(certificate).toContainText("audit log: 17 records");
  const download = page.waitForEvent("download");
  await certificate.getByRole("button", { name: "Download" }).click();
  const kept = JSON.parse(readFileSync(await (await download).path(), "utf8")) as { signature: string };
  expect(kept.signature).toBe("c2lnbmF0dXJl");
  await certificate.getByRole("button", { name: "Close" }).click();
  await expect(rows(page, "Tenants").filter({ hasText: "northwind" })).toContainText("Deleted");
  await expect(side).toContainText("This tenant is deleted.");
});

test("users: a password shown once, roles, disabling, another password, and the end", async ({
  page,
  at,
  complaints,
}) => {
  await at("/t/people/admin/users");
  await expect(rows(page, "Users")).toHaveCount(3);
  await page.getByRole("button", { name: "New user" }).click();
  const form = dialog(page, "New user");
  await form.getByLabel("Name").fill("@wrong");
  await form.getByRole("button", { name: "Create user" }).click();
  await expect(form.getByText("must be 1 to 100 letters").first()).toBeVisible();
  await form.getByLabel("Name").fill("linus");
  await form.getByLabel("engineer").check();
  await form.getByRole("button", { name: "Create user" }).click();
  const made = dialog(page, "Password made");
  await expect(made).toContainText("linus@people");
  const password = await made.getByLabel("Password", { exact: true }).inputValue();
  expect(password).toMatch(/^[a-z2-9]{6}(-[a-z2-9]{6}){3}$/);
  await made.getByRole("button", { name: "I have kept it" }).click();
  const row = rows(page, "Users").filter({ hasText: "linus" });
  await expect(row).toContainText("analystengineer");
  expect(await page.content()).not.toContain(password);

  await page.getByRole("button", { name: "Edit: linus" }).click();
  const edit = dialog(page, "Edit user");
  await expect(edit.getByRole("button", { name: "Save" })).toBeDisabled();
  await edit.getByLabel("analyst").uncheck();
  await expect(row).toContainText("Has to change the password");
  await edit.getByLabel("Disabled").check();
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Disabled");
  await expect(row).not.toContainText("analyst");

  await page.getByRole("button", { name: "New password: linus" }).click();
  await dialog(page, "Make one-time password")
    .getByRole("button", { name: "Make one-time password" })
    .click();
  await expect(made.getByLabel("Password", { exact: true })).toHaveValue("once-and-never-again");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Delete: linus" }).click();
  const sure = dialog(page, "Delete user");
  await sure.getByLabel("Type its name").fill("linus");
  await page.keyboard.press("Enter");
  await expect(rows(page, "Users")).toHaveCount(3);
  refusals(complaints);
});

test("keys: limited, shown once, found, revoked", async ({ page, at }) => {
  await at("/t/keyed/admin/keys");
  await expect(rows(page, "API keys")).toHaveCount(12);
  await expect(rows(page, "API keys").nth(0)).toContainText("Expired");
  await expect(rows(page, "API keys").nth(2)).toContainText("Revoked");
  await page.getByRole("button", { name: "New key" }).click();
  const form = dialog(page, "New API key");
  await form.getByLabel("Name").fill("nightly report");
  await form.getByLabel("alerts read").check();
  await form.getByLabel("Ends after, days").fill("400");
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(form).toBeVisible();
  await form.getByLabel("Ends after, days").fill("30");
  await form.getByRole("button", { name: "Create key" }).click();
  const made = dialog(page, "Key made");
  await expect(made.getByLabel("Key", { exact: true })).toHaveValue("twk.YWNtZQ.c2VjcmV0");
  await made.getByRole("button", { name: "I have kept it" }).click();
  const row = rows(page, "API keys").first();
  await expect(row).toContainText("nightly report");
  await expect(row).toContainText("alerts_read");
  await expect(row).toContainText("Holds for 29 d");
  expect(await page.content()).not.toContain("twk.");
  await page.getByLabel("Find in keys").fill("nightly");
  await expect(rows(page, "API keys")).toHaveCount(1);
  await expect(page).toHaveURL(/q=nightly/);
  await page.getByRole("button", { name: "Revoke: nightly report" }).click();
  await dialog(page, "Revoke key").getByRole("button", { name: "Revoke key" }).click();
  await expect(row).toContainText("Revoked");
  await page.getByLabel("Find in keys").fill("nothing like it");
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(rows(page, "API keys")).toHaveCount(13);
});

test("agents: how they are, what they were told, and out for good by typing the host", async ({
  page,
  at,
}) => {
  await at("/t/fleet/admin/agents");
  await expect(rows(page, "Agents")).toHaveCount(4);
  await expect(rows(page, "Agents").nth(0)).toContainText("Connected");
  await expect(rows(page, "Agents").nth(1)).toContainText("Old configuration");
  await expect(rows(page, "Agents").nth(2)).toContainText("Cloned");
  await expect(rows(page, "Agents").nth(3)).toContainText("Never seen");
  await page.getByRole("button", { name: "fin-wks-0142" }).click();
  const side = page.getByRole("complementary", { name: "Agent" });
  await expect(side).toContainText("120 events (48.2 KB) wait, the oldest for 1 m");
  await expect(side).toContainText("fanotify: EPERM");
  await expect(side).toContainText("kill processdry run");
  await expect(side).toContainText("refused");
  await page.reload();
  await side.getByRole("button", { name: "Revoke agent" }).click();
  const sure = dialog(page, "Revoke agent");
  await sure.getByLabel("Reason").fill("stolen");
  await expect(sure.getByRole("button", { name: "Revoke agent" })).toBeDisabled();
  await sure.getByLabel("Type its name").fill("fin-wks-0142");
  await page.keyboard.press("Enter");
  await expect(rows(page, "Agents").nth(0)).toContainText("Revoked");
  await expect(side).toContainText("stolen");
  await expect(side.getByRole("button", { name: "Revoke agent" })).toHaveCount(0);
});

test("commands: tried first, then carried out with host and consequence; evidence comes as a file", async ({
  page,
  at,
}) => {
  await at("/t/orders/admin/agents?sel=00000000-0000-4000-8000-000000000500");
  const side = page.getByRole("complementary", { name: "Agent" });
  const told = side.getByRole("list", { name: "Commands" }).getByRole("listitem");
  await expect(told).toHaveCount(2);
  await expect(side).toContainText("0.1.0, Linux");
  await side.getByRole("button", { name: "Send a command" }).click();
  const form = dialog(page, "Command");
  await form.getByLabel("Action").selectOption("Collect file");
  const go = form.getByRole("button", { name: "Try it (dry run)" });
  await form.getByLabel("File or directory").fill("etc/hosts");
  await expect(form).toContainText("An absolute path");
  await form.getByLabel("Reason").fill("case 7");
  await expect(go).toBeDisabled();
  await form.getByLabel("File or directory").fill("/etc/hosts");
  await form.getByLabel("Valid for").selectOption("1 hour");
  await go.click();
  await expect(told).toHaveCount(3);
  await expect(told.first()).toContainText("collect pathdry run");
  await expect(told.first()).toContainText("case 7: would do it");
  await told.first().getByRole("button", { name: "Collect file now" }).click();
  const sure = dialog(page, "Collect file");
  await expect(sure).toContainText("fin-wks-0142");
  await expect(sure).toContainText("path /etc/hosts");
  await expect(sure).toContainText("A copy goes to the gateway");
  const really = sure.getByRole("button", { name: "Collect file" });
  await expect(really).toBeDisabled();
  await sure.getByLabel("Type its name").fill("fin-wks-0142");
  await really.click();
  await expect(told).toHaveCount(4);
  await expect(told.first()).toContainText("done");
  await expect(told.first()).toContainText("SHA-256 0707070707");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    told.first().getByRole("link", { name: "Download" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("hosts.evidence");
  expect(readFileSync(await file.path(), "utf8")).toBe("127.0.0.1");

  await side.getByRole("button", { name: "Send a command" }).click();
  await form.getByLabel("Action").selectOption("Isolate network");
  await form.getByLabel("Stay reachable").fill("10.1.0.0/16\nrouter");
  await expect(form).toContainText("“router” is no address or network.");
  await form.getByLabel("Stay reachable").fill("10.1.0.0/16");
  await form.getByLabel("Reason").fill("worm");
  await form.getByLabel("Dry run first").uncheck();
  await form.getByRole("button", { name: "Go on" }).click();
  await expect(dialog(page, "Isolate network")).toContainText("Release network undoes it.");
  await expect(dialog(page, "Isolate network")).toContainText("within 5 minutes");
  await page.keyboard.press("Escape");
  await expect(told).toHaveCount(4);

  await side.getByRole("button", { name: "Send a command" }).click();
  await form.getByLabel("Action").selectOption("Run osquery");
  await form.getByLabel("Query").fill("SELECT pid FROM processes");
  await form.getByLabel("Reason").fill("look");
  await go.click();
  await expect(told).toHaveCount(5);
  await told.first().getByRole("button", { name: "Output" }).click();
  await expect(told.first().locator("pre")).toHaveText('[{"pid":"7"}]');

  await side.getByRole("button", { name: "Configuration" }).click();
  const configuration = dialog(page, "Agent configuration");
  await configuration.getByLabel("Configuration", { exact: true }).fill("[collectors]\nfiles = true\n");
  await configuration.getByRole("button", { name: "Sign and send" }).click();
  await expect(page.getByText("Configuration 7 goes to the agent")).toBeVisible();
});

test("usage: what came in by hour and way, and what quotas held back", async ({ page, at }) => {
  await at("/t/used/admin/usage");
  const table = rows(page, "By way");
  await expect(table).toHaveCount(2);
  await expect(table.first()).toContainText("agent8,02816.0 MB00");
  await expect(page.locator(".usage")).toContainText("1,500 3 times");
  await expect(page.locator(".usage-bars rect")).toHaveCount(16);
  await page.getByRole("button", { name: "7 days" }).click();
  await expect(page).toHaveURL(/period=7d/);
  await expect(page.locator(".usage-bars rect")).toHaveCount(16);
});

test("an enrolment token comes once, with the commands that keep it out of the shell's history", async ({
  page,
  at,
}) => {
  await at("/t/agents/admin/enrolment");
  await expect(rows(page, "Enrolment tokens").nth(2)).toContainText("ws-0142");
  await page.getByRole("button", { name: "New token" }).click();
  await dialog(page, "New enrolment token").getByLabel("For").fill("web servers");
  await page.keyboard.press("Enter");
  const made = dialog(page, "Token made");
  await expect(made.getByLabel("Token", { exact: true })).toHaveValue("tw1.c2VjcmV0LXRva2Vu");
  await made.getByLabel("Gateway, as the endpoint reaches it").fill("gw.example:7443");
  await expect(made.getByLabel("2. Enrol", { exact: true })).toHaveValue(
    "tidewatch agent enroll --gateway gw.example:7443 --token-file enrol.token && rm enrol.token",
  );
  await made.getByLabel("Gateway, as the endpoint reaches it").fill("gw; rm -rf ~");
  await expect(made.getByLabel("2. Enrol", { exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Revoke: web servers" }).click();
  await dialog(page, "Revoke token").getByRole("button", { name: "Revoke token" }).click();
  await expect(rows(page, "Enrolment tokens").first()).toContainText("Revoked");
});

test("value lists: made, edited as lines, kept from being overwritten, deleted", async ({
  page,
  at,
  complaints,
}) => {
  await at("/t/lists/admin/lists");
  await page.getByRole("button", { name: "New list" }).click();
  const form = dialog(page, "New value list");
  await form.getByLabel("Name").fill("admin_hosts");
  await expect(form).toContainText("There is a list of this name already.");
  await form.getByLabel("Name").fill("tools");
  await form.getByLabel("Values, one a line").fill(" psexec.exe \n\npaexec.exe\npsexec.exe");
  await expect(form).toContainText("2 values, 1 said twice and kept once");
  await form.getByRole("button", { name: "Save list" }).click();
  const row = rows(page, "Value lists").filter({ hasText: "tools" });
  await expect(row).toContainText("psexec.exe, paexec.exe");

  await page.getByRole("button", { name: "Edit: tools" }).click();
  const edit = dialog(page, "Edit value list");
  await edit.getByLabel("Values, one a line").fill("psexec.exe");
  await fake(page, "lists", "meanwhile");
  await edit.getByRole("button", { name: "Save list" }).click();
  await expect(edit).toContainText("Somebody else changed the list.");
  await expect(edit.getByLabel("Values, one a line")).toHaveValue("psexec.exe");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.getByRole("button", { name: "Delete: tools" }).click();
  await dialog(page, "Delete value list").getByLabel("Type its name").fill("tools");
  await page.keyboard.press("Enter");
  await expect(row).toHaveCount(0);

  const used = rows(page, "Value lists").filter({ hasText: "admin_hosts" });
  await expect(used).toContainText("2 rules");
  await page.getByRole("button", { name: "Delete: admin_hosts" }).click();
  const confirm = dialog(page, "Delete value list");
  await expect(confirm).toContainText("2 rules that run name it");
  await expect(confirm.getByRole("listitem")).toHaveText([
    "Logon to an Admin Host",
    "Service on an Admin Host",
  ]);
  await confirm.getByLabel("Type its name").fill("admin_hosts");
  const asked = page.waitForRequest((request) => request.method() === "DELETE");
  await page.keyboard.press("Enter");
  expect((await asked).url()).toContain("/valuelists/admin_hosts?force=true");
  await expect(used).toHaveCount(0);
  refusals(complaints);
});

test("who may not is told which role it needs, and nothing is asked of the server", async ({ page, at }) => {
  await as(page, "vera@people");
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/(users|apikeys|enrolmenttokens|audit)\b/.test(new URL(request.url()).pathname)) {
      if (request.url().includes("/v1/")) asked.push(request.url());
    }
  });
  for (const [section, what] of [
    ["users", "Users"],
    ["keys", "API keys"],
    ["enrolment", "Enrolment tokens"],
    ["audit", "Audit records"],
  ]) {
    await at(`/t/people/admin/${section}`);
    await expect(page.getByText(`${what} are not shown to you.`)).toBeVisible();
    await expect(page.getByText("Needs the role admin. You have viewer.")).toBeVisible();
  }
  expect(asked).toEqual([]);
  await at("/t/people/admin/lists");
  const edit = page.getByRole("button", { name: "Edit: admin_hosts" });
  await expect(edit).toHaveAttribute("aria-disabled", "true");
  await expect(edit).toHaveAccessibleDescription("Needs the role engineer or admin.");
  await edit.click({ force: true });
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await at("/t/people/admin/agents?sel=00000000-0000-4000-8000-000000000500");
  await expect(page.getByRole("button", { name: "Send a command" })).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("button", { name: "Send a command" })).toHaveAccessibleDescription(
    "Needs the role responder or admin.",
  );
  await at("/t/people/admin/tenants?sel=acme");
  const side = page.getByRole("complementary", { name: "Tenant" });
  await expect(side.getByLabel("Events").first()).toHaveAttribute("readonly");
  await expect(side.getByRole("button", { name: /Save/ })).toHaveCount(0);
  await expect(side.getByRole("button", { name: "Delete tenant" })).toHaveAttribute("aria-disabled", "true");
});

test("nothing, an error and a wrong address each say so", async ({ page, at, complaints }) => {
  for (const [section, words] of [
    ["users", "Nobody signs in to this tenant yet."],
    ["keys", "No program calls this tenant yet."],
    ["enrolment", "No agent has been let in by a token."],
    ["lists", "There are no value lists."],
    ["agents", "No agent has enrolled."],
    ["usage", "Nothing came in in this time."],
  ]) {
    await at(`/t/empty/admin/${section}`);
    await expect(page.getByText(words ?? "")).toBeVisible();
  }
  await at("/t/broken/admin/users");
  const box = page.getByRole("alert").filter({ hasText: "The users could not be read." });
  await expect(box).toContainText("UNAVAILABLE", { timeout: 10_000 });
  await expect(box).toContainText("req-4711");
  await at("/t/default/admin/nowhere");
  await expect(page.getByText("No page has this address.")).toBeVisible();
  refusals(complaints);
});

test("every list is hostile text and nothing more", async ({ page, at }) => {
  for (const [section, ready] of [
    ["tenants", "Tenants"],
    ["users", "Users"],
    ["keys", "API keys"],
    ["enrolment", "Enrolment tokens"],
    ["lists", "Value lists"],
    ["agents", "Agents"],
  ] as const) {
    await at(`/t/hostile/admin/${section}?q=${encodeURIComponent("onerror")}`);
    await expect(rows(page, ready).first()).toContainText('<img src=x onerror="window.pwned=20">');
    await expect(rows(page, ready).first().locator(".ctl").first()).toHaveText("U+202E");
    if (section === "agents") await rows(page, ready).first().getByRole("button").click();
    for (const button of ["Edit", "Revoke", "Delete", "New password"]) {
      const first = page.getByRole("button", { name: new RegExp(`^${button}: `) }).first();
      if ((await first.count()) === 0) continue;
      await first.click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await page.keyboard.press("Escape");
    }
    expect(await page.evaluate(() => window.pwned), section).toBeUndefined();
    const text = await page.locator("main").innerText();
    expect(text, section).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/);
  }
});

for (const [width, height] of [
  [1280, 800],
  [3840, 2160],
] as const) {
  test(`nothing of the administration leaves the screen at ${width} px`, async ({ page, at }) => {
    await page.setViewportSize({ width, height });
    for (const section of ["tenants?sel=acme", "users", "keys", "enrolment", "lists", "agents", "audit"]) {
      await at(`/t/wide/admin/${section}`);
      await expect(page.locator("table tbody tr").first()).toBeVisible();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, section).toBeLessThanOrEqual(width);
      const foot = await page.locator(".ft").last().boundingBox();
      expect(Math.round((foot?.y ?? 0) + (foot?.height ?? 0)), section).toBe(height);
    }
    await at("/t/wide/settings");
    await expect(page.getByRole("heading", { name: "Keys" })).toBeVisible();
  });
}

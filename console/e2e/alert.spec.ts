import { expect, test } from "./pages.ts";

async function openFirst(page: import("@playwright/test").Page) {
  await page.locator(".row").first().click();
  await page.getByRole("button", { name: /Full page/ }).click();
  await expect(page.getByRole("heading", { name: "Why it fired" })).toBeVisible();
}

test("the alert says why, shows the process and the decoded command, and what else happened", async ({
  page,
  at,
}) => {
  await at("/t/alert/alerts");
  await openFirst(page);
  const why = page.locator(".tr");
  await expect(why.locator("mark")).toHaveText(["\\WINWORD.EXE", "\\powershell.exe", " -enc "]);
  await expect(page.locator(".pt li.me")).toContainText("powershell.exe");
  await expect(page.locator(".pt li").first()).toContainText("WINWORD.EXE");
  await expect(page.locator(".pt")).toContainText("rundll32.exe");
  await expect(page.locator(".dec .o")).toContainText("IEX(New-Object Net.WebClient)");
  await expect(page.locator(".lanes rect").first()).toBeVisible();
  await expect(page.locator(".ev li.me")).toBeVisible();
  await expect(page.locator(".ev .ctl")).toHaveText("U+200B");
  await expect(page.getByRole("complementary", { name: "Facts" })).toContainText("198.51.100[.]24");
});

test("the raw event is as received, with what matched marked; copy takes it as it is", async ({
  page,
  at,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await at("/t/raw/alerts");
  await openFirst(page);
  await page.keyboard.press("3");
  await expect(page).toHaveURL(/tab=raw/);
  await expect(page.locator(".json mark")).toHaveText(["\\\\powershell.exe", " -enc ", "\\\\WINWORD.EXE"]);
  await expect(page.locator(".json")).toContainText("9007199254740993");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText("Event copied. It holds 1 hidden character")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("9007199254740993");
});

test("raw values carry the selection that they fulfilled, in the event and in its columns", async ({
  page,
  at,
}) => {
  await at("/t/selections/alerts");
  await openFirst(page);
  await page.keyboard.press("3");
  const line = page.locator(".json .hit", { hasText: "powershell.exe -nop" });
  await expect(line.locator(".sel-tag")).toHaveText("shell");
  await expect(page.locator(".json .hit", { hasText: "WINWORD" }).locator(".sel-tag")).toHaveText("parent");
  await expect(page.locator(".ocsf dd", { hasText: "-nop -w hidden" }).locator("mark")).toHaveText(" -enc ");
});

test("the rule that fired is shown as it was, and what has changed since", async ({ page, at }) => {
  await at("/t/fired/alerts");
  await openFirst(page);
  await page.keyboard.press("4");
  await expect(page).toHaveURL(/tab=rule/);
  const rule = page.getByRole("region", { name: "Rule that fired" });
  await expect(rule).toContainText("version 13, as it fired, and as it runs now");
  await expect(rule).toContainText("condition: all of them");
  await page.reload();
  await expect(rule).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Facts" })).toContainText("Command and Scripting");
});

test("an alert of a correlation shows its group and its events in order", async ({ page, at }) => {
  await at("/t/episodes/alerts");
  await page.locator(".row", { hasText: "Many encoded commands" }).first().click();
  await page.getByRole("button", { name: /Full page/ }).click();
  const episode = page.getByRole("region", { name: "Events of the episode" });
  await expect(episode).toContainText("host fin-wks-0142");
  await expect(episode).toContainText("matches 3");
  await expect(episode.getByRole("listitem")).toHaveText([
    /^1.*0encodedno longer stored$/,
    /^2.*\+2 m<b>encoded/,
    /^3.*\+4 m.*encoded/,
  ]);
  await expect(page.locator(".tr")).toHaveCount(0);
});

test("the timeline opens at the alert's event", async ({ page, at }) => {
  await at("/t/timeline/alerts");
  await openFirst(page);
  await page.keyboard.press("2");
  await expect(page.locator(".ev.virtual li.me")).toBeInViewport();
});

test("a deep link opens the alert; an unknown one says so", async ({ page, at, complaints }) => {
  await at("/t/deep/alerts");
  await openFirst(page);
  const link = page.url();
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Encoded PowerShell");
  await at("/t/deep/alerts/00000000-0000-0000-0000-000000000000");
  await expect(page.getByText("No alert of this tenant has this id.")).toBeVisible();
  // The browser itself logs the 404.
  expect(complaints.splice(0).every((complaint) => complaint.includes("404"))).toBe(true);
});

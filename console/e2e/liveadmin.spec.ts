import { expect, test } from "./pages.ts";

/**
 * The administration against a running Tidewatch: TIDEWATCH_URL, and an operator's TIDEWATCH_USER and
 * TIDEWATCH_PASSWORD. It makes a tenant of its own and deletes it.
 */
const url = process.env["TIDEWATCH_URL"];
const operator = process.env["TIDEWATCH_USER"];

test.describe("the administration of a running Tidewatch", () => {
  test.skip(!url || !operator, "TIDEWATCH_URL and TIDEWATCH_USER name no server and operator");

  test("a tenant with people, keys, tokens and lists, from its making to its certificate", async ({
    page,
    at,
    browser,
    complaints,
  }) => {
    test.setTimeout(180_000);
    const tenant = `live-${Date.now().toString(36)}`;
    const session = await page.request.post(new URL("/v1/session", url).href, {
      data: { user: operator, password: process.env["TIDEWATCH_PASSWORD"] ?? "" },
    });
    expect(session.status()).toBe(200);
    const dialog = (name: string) => page.getByRole("dialog", { name });

    await at("/t/system/admin/tenants");
    await page.getByRole("button", { name: "New tenant" }).click();
    await dialog("New tenant").getByLabel("Id").fill(tenant);
    await dialog("New tenant").getByLabel("Name").fill("Live test");
    await page.keyboard.press("Enter");
    const side = page.getByRole("complementary", { name: "Tenant" });
    await side.getByLabel("Events").first().fill("7");
    await side.getByRole("button", { name: "Save retention" }).click();
    await expect(page.getByText("Retention saved")).toBeVisible();
    await side.getByLabel("Bytes").last().fill("1,000,000,000,000");
    await side.getByLabel("Users").fill("0");
    await side.getByRole("button", { name: "Save quotas" }).click();
    await expect(page.getByText("Quotas saved")).toBeVisible();
    await side.getByLabel("Users").fill("");
    await side.getByRole("button", { name: "Save quotas" }).click();
    await side.getByLabel("Name").fill("Live test, renamed");
    await side.getByRole("button", { name: "Save name" }).click();
    await page.reload();
    await expect(side.getByLabel("Name")).toHaveValue("Live test, renamed");
    await expect(side.getByLabel("Events").first()).toHaveValue("7");
    await expect(side.getByLabel("Bytes").last()).toHaveValue("1000000000000");
    await expect(side.getByLabel("Users")).toHaveValue("");

    await at(`/t/${tenant}/admin/users`);
    await expect(page.getByText("Nobody signs in to this tenant yet.")).toBeVisible();
    await page.getByRole("button", { name: "New user" }).click();
    await dialog("New user").getByLabel("Name").fill("grace");
    await dialog("New user").getByRole("button", { name: "Create user" }).click();
    const password = await dialog("Password made").getByLabel("Password", { exact: true }).inputValue();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Edit: grace" }).click();
    await dialog("Edit user").getByLabel("engineer").check();
    await dialog("Edit user").getByLabel("Shown as").fill("Grace H.");
    await dialog("Edit user").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("row", { name: /grace/ })).toContainText("Grace H.analystengineer");

    const hers = await browser.newContext();
    const other = await hers.newPage();
    await other.goto(new URL(`/t/${tenant}/admin/users`, url).href);
    await other.getByLabel("User").fill(`grace@${tenant}`);
    await other.getByLabel("Password").fill(password);
    await other.getByRole("button", { name: "Sign in", exact: true }).click();
    await other.getByLabel("New password", { exact: true }).fill("seven seas and one tide");
    await other.getByLabel("New password again").fill("seven seas and one tide");
    await other.getByRole("button", { name: "Change and sign in" }).click();
    await expect(other.getByText("Users are not shown to you.")).toBeVisible();
    await expect(other.getByText("You have analyst, engineer.")).toBeVisible();
    await hers.close();

    await at(`/t/${tenant}/admin/keys`);
    await page.getByRole("button", { name: "New key" }).click();
    await dialog("New API key").getByLabel("Name").fill("report");
    await dialog("New API key").getByLabel("alerts read").check();
    await dialog("New API key").getByRole("button", { name: "Create key" }).click();
    await expect(dialog("Key made").getByLabel("Key", { exact: true })).toHaveValue(/^twk\./);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("row", { name: /report/ })).toContainText("alerts_read");
    await page.getByRole("button", { name: "Revoke: report" }).click();
    await dialog("Revoke key").getByRole("button", { name: "Revoke key" }).click();
    await expect(page.getByRole("row", { name: /report/ })).toContainText("Revoked");

    await at(`/t/${tenant}/admin/enrolment`);
    await page.getByRole("button", { name: "New token" }).click();
    await dialog("New enrolment token").getByLabel("For").fill("rack 4");
    await page.keyboard.press("Enter");
    await expect(dialog("Token made").getByLabel("Token", { exact: true })).toHaveValue(/^tw1\./);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Revoke: rack 4" }).click();
    await dialog("Revoke token").getByRole("button", { name: "Revoke token" }).click();
    await expect(page.getByRole("row", { name: /rack 4/ })).toContainText("Revoked");

    await at(`/t/${tenant}/admin/lists`);
    await page.getByRole("button", { name: "New list" }).click();
    await dialog("New value list").getByLabel("Name").fill("tools");
    await dialog("New value list").getByLabel("Values, one a line").fill("psexec.exe\npaexec.exe");
    await dialog("New value list").getByRole("button", { name: "Save list" }).click();
    await page.getByRole("button", { name: "Edit: tools" }).click();
    await dialog("Edit value list").getByLabel("Values, one a line").fill("psexec.exe");
    await dialog("Edit value list").getByRole("button", { name: "Save list" }).click();
    await expect(page.getByRole("row", { name: /tools/ })).toContainText("psexec.exe");

    await at(`/t/${tenant}/admin/audit?method=CreateUser&from=now-1h`);
    await expect(page.locator(".audit tbody tr")).toHaveCount(1);
    await page.getByRole("button", { name: "Verify chain" }).click();
    await expect(page.getByRole("status").filter({ hasText: /Unbroken/ })).toBeVisible();

    await at(`/t/system/admin/tenants?sel=${tenant}`);
    await side.getByRole("button", { name: "Delete tenant" }).click();
    await dialog("Delete tenant").getByLabel("Type its name").fill(tenant);
    await page.keyboard.press("Enter");
    const certificate = dialog("Certificate of deletion");
    await expect(certificate).toContainText("postgresql.users", { timeout: 60_000 });
    await expect(certificate).toContainText("clickhouse.events");
    await certificate.getByRole("button", { name: "Close" }).click();
    await expect(side).toContainText("This tenant is deleted.");
    expect(complaints).toEqual([]);
  });
});

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { baseUrl } from "./pages.ts";

test.describe("sign-in", () => {
  test("a tenant that asks who calls shows the form, and the page that was asked for after it", async ({
    page,
  }) => {
    await page.goto(new URL("/t/locked/rules", baseUrl()).href);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expect(page).toHaveTitle("Sign in · Tidewatch");
    const audit = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
    expect(audit.violations).toEqual([]);

    await page.getByLabel("User").fill("ada@locked");
    await page.getByLabel("Password").fill("wrong");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toHaveText("User name or password is wrong.");

    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator(".app")).toBeVisible();
    await expect(page).toHaveURL(/\/t\/locked\/rules/);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeHidden();
    expect(await page.evaluate(() => document.cookie)).toBe("");
  });

  test("the top bar says who it is; signing out ends the session and asks again", async ({ page }) => {
    await page.goto(new URL("/t/locked/alerts", baseUrl()).href);
    await page.getByLabel("User").fill("ada@locked");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    const me = page.getByRole("button", { name: "Signed in as ada" });
    await me.click();
    await expect(page.getByText("user:ada@locked")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Sign out" })).toBeHidden();
    await expect(me).toBeFocused();

    // A change by a session carries its token, else the API refuses it.
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    await expect(page.getByText("Assigned to you: 1 alert")).toBeVisible();
    await me.click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    expect((await page.context().cookies()).filter((each) => each.name === "tidewatch_session")).toEqual([]);
    await page.reload();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  });

  test("who belongs to another tenant lands there", async ({ page }) => {
    await page.goto(new URL("/t/locked/alerts", baseUrl()).href);
    await page.getByLabel("User").fill("ada@acme");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/t\/acme\/alerts/);
    await expect(page.locator(".row:not(.group)").first()).toBeVisible();
  });

  test("a password for the first sign-in is changed in the form", async ({ page }) => {
    await page.goto(new URL("/t/locked/alerts", baseUrl()).href);
    await page.getByLabel("User").fill("newcomer@locked");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await expect(page.getByText("This password was for the first sign-in.")).toBeVisible();
    const next = page.getByLabel("New password", { exact: true });
    const again = page.getByLabel("New password again");
    const change = page.getByRole("button", { name: "Change and sign in" });
    await expect(next).toBeFocused();
    await next.fill("short");
    await again.fill("short");
    await change.click();
    await expect(page.getByRole("alert")).toHaveText(/at least 12 characters/);
    await next.fill("another password 1");
    await change.click();
    await expect(page.getByRole("alert")).toHaveText("The two new passwords differ.");
    await again.fill("another password 1");
    await change.click();
    await expect(page.getByRole("alert")).toHaveText("The new password must not be a common one.");
    await next.fill("seven seas and one tide");
    await again.fill("seven seas and one tide");
    const audit = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
    expect(audit.violations).toEqual([]);
    await change.click();
    await expect(page.locator(".app")).toBeVisible();
  });

  test("an issuer is offered where there is one, alone where passwords are not taken", async ({ page }) => {
    await page.goto(new URL("/t/sso/alerts", baseUrl()).href);
    await expect(page.getByLabel("Password")).toBeVisible();
    await expect(page.getByRole("link", { name: "Sign in with Example ID" })).toBeVisible();
    await page.goto(new URL("/t/sso-only/alerts", baseUrl()).href);
    const way = page.getByRole("link", { name: "Sign in with Example ID" });
    await expect(way).toBeVisible();
    await expect(page.getByLabel("Password")).toHaveCount(0);
    await way.click();
    await expect(page.getByRole("button", { name: "Signed in as oidc:4711" })).toBeVisible();
    await expect(page).toHaveURL(/\/t\/sso\/alerts/);
  });

  test("an issuer that refuses leads back with the reason, and its name is text", async ({ page }) => {
    await page.goto(new URL("/t/hostile-out/alerts?sign-in-failed=access", baseUrl()).href);
    await expect(page.getByRole("alert").first()).toContainText("You have no role here, or are disabled.");
    const way = page.getByRole("link", { name: /Sign in with/ });
    await expect(way).toContainText('<img src=x onerror="window.pwned=30">U+202E');
    expect(await page.evaluate(() => window.pwned)).toBeUndefined();
  });
});

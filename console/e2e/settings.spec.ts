import { baseUrl, expect, test } from "./pages.ts";

test("theme, rows and time zone are kept in the browser and hold before the first paint", async ({
  page,
  at,
}) => {
  await at("/t/prefs/alerts");
  await expect(page.locator(".row").first()).toHaveCSS("height", "32px");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/t\/prefs\/settings$/);
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.getByLabel("Compact").check();
  await page.getByLabel("This computer's").check();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByLabel("Compact")).toBeChecked();
  await expect(page.getByLabel("This computer's")).toBeChecked();
  await page.goBack();
  await expect(page.locator(".row").first()).toHaveCSS("height", "28px");
  const [first, second] = await Promise.all([0, 1].map((at) => page.locator(".row").nth(at).boundingBox()));
  expect((second?.y ?? 0) - (first?.y ?? 0)).toBe(28);
});

test("one's own password is changed, by who knows it", async ({ page, at, complaints }) => {
  await page
    .context()
    .addCookies([
      { name: "tidewatch_session", value: `fake.${encodeURIComponent("ada@own")}`, url: baseUrl() },
    ]);
  await at("/t/own/settings");
  const change = page.getByRole("button", { name: "Change password" });
  await page.getByLabel("Password now").fill("not it");
  await page.getByLabel("New password", { exact: true }).fill("seven seas and one tide");
  await page.getByLabel("New password again").fill("seven seas and one tid");
  await change.click();
  await expect(page.getByRole("alert")).toHaveText("The two new passwords differ.");
  await page.getByLabel("New password again").fill("seven seas and one tide");
  await change.click();
  await expect(page.getByRole("alert")).toHaveText("That is not your password now.");
  await page.getByLabel("Password now").fill("correct horse battery");
  await change.click();
  await expect(page.getByText("Password changed.")).toBeVisible();
  await expect(page.getByLabel("Password now")).toHaveValue("");
  await expect(page.getByLabel("New password", { exact: true })).toHaveValue("");
  expect(complaints.splice(0).filter((text) => !text.includes("403"))).toEqual([]);
});

test("single keys move to others, say so, clash with none, and can be switched off", async ({ page, at }) => {
  await at("/t/remap/settings");
  const key = (what: string) => page.getByRole("button", { name: new RegExp(`^Key for ${what}:`) });
  await key("next alert").click();
  await page.keyboard.press("f");
  await expect(page.getByRole("alert")).toHaveText('F is "false positive" already.');
  await page.keyboard.press("u");
  await expect(key("next alert")).toHaveText("U");
  await key("note").click();
  await page.keyboard.press("Escape");
  await expect(key("note")).toHaveText("N");

  await at("/t/remap/alerts");
  await expect(page.locator(".row").nth(3)).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.locator('.row[aria-selected="true"]')).toHaveCount(0);
  await page.keyboard.press("u");
  await expect(page.locator('.row[aria-selected="true"]')).toHaveCount(1);
  await expect(page.locator("footer kbd").first()).toHaveText("U");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys and settings" }).locator("kbd").first()).toHaveText(
    "U",
  );
  await page.keyboard.press("Escape");

  await at("/t/remap/settings");
  await page.getByRole("button", { name: "Back to the first keys" }).click();
  await expect(key("next alert")).toHaveText("J");
  await page.getByLabel("Single keys act").uncheck();
  await expect(key("next alert")).toBeDisabled();
  await at("/t/remap/alerts");
  await expect(page.locator(".row").nth(3)).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator('.row[aria-selected="true"]')).toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await expect(page.locator('.row[aria-selected="true"]')).toHaveCount(1);
});

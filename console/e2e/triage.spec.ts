import { expect, fake, test } from "./pages.ts";

const rows = ".row:not(.group)";
const current = '[aria-selected="true"]';

interface Listed {
  alerts: { alertId: string; verdict?: string; assignee?: string }[];
}

/** What the server says of a tenant's alerts. */
async function listed(page: import("@playwright/test").Page, tenant: string): Promise<Listed["alerts"]> {
  const response = await page.request.get(new URL(`/v1/tenants/${tenant}/alerts`, page.url()).href);
  return ((await response.json()) as Listed).alerts;
}

const counted = (alerts: Listed["alerts"]) => {
  const counts: Record<string, number> = {};
  for (const { verdict = "" } of alerts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
};

test("ten alerts are decided by keys, one of them taken back", async ({ page, at }) => {
  await at("/t/ten/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  const before = await listed(page, "ten");
  await page.keyboard.press("j");
  // The reason by number first, then the last one again by Enter.
  for (const [n, key] of ["t", "f", "b", "f", "f", "t", "b", "f", "t", "b"].entries()) {
    const id = before[n]?.alertId ?? "";
    await expect(page).toHaveURL(new RegExp(`sel=${id}`));
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog")).toBeVisible();
    await expect(page.locator(".verdict-body")).toBeFocused();
    await page.keyboard.press(n < 3 ? "2" : "Enter");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.locator(current)).toBeFocused();
    await expect(page.locator(".ft")).toContainText(`${n + 1} of 128 loaded hidden by state`);
  }
  await page.keyboard.press("z");
  await expect(page.locator(".ft")).toContainText("9 of 128 loaded hidden by state");
  await expect(page).toHaveURL(new RegExp(`sel=${before[9]?.alertId}`));
  await expect(page.locator(current)).toBeFocused();
  await expect
    .poll(async () => counted(await listed(page, "ten")))
    .toEqual({
      "": 118,
      VERDICT_TRUE_POSITIVE: 3,
      VERDICT_FALSE_POSITIVE: 4,
      VERDICT_BENIGN: 2,
      VERDICT_OPEN: 1,
    });
  await page.reload();
  await expect(page.locator(".ft")).toContainText("9 of 128 loaded hidden by state");
  // A second Z has nothing to take back.
  await page.keyboard.press("z");
  await expect(page.locator(".ft")).toContainText("9 of 128 loaded hidden by state");
});

test("many are chosen by X and Shift J, decided at once and taken back at once", async ({ page, at }) => {
  await at("/t/bulk/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+J");
  await page.keyboard.press("Shift+J");
  const bar = page.getByRole("toolbar", { name: "Chosen alerts" });
  await expect(bar).toContainText("3 chosen");
  await page.keyboard.press("a");
  await expect(page.getByText("Assigned to you: 3 alerts")).toBeVisible();
  await expect(page.getByRole("img", { name: "Open, assigned to local" })).toHaveCount(3);
  await bar.getByRole("button", { name: /Benign/ }).click();
  const dialog = page.getByRole("dialog", { name: "Benign" });
  await dialog.getByLabel("Comment, optional").fill("ticket 4711, 5 hosts");
  await dialog.getByRole("button", { name: /Approved change/ }).click();
  await expect(bar).toBeHidden();
  await expect(page.locator(".ft")).toContainText("3 of 128 loaded hidden by state");
  await expect.poll(async () => counted(await listed(page, "bulk"))).toEqual({ "": 125, VERDICT_BENIGN: 3 });
  await page.getByRole("button", { name: /Undo/ }).click();
  await expect.poll(async () => counted(await listed(page, "bulk"))).toEqual({ "": 125, VERDICT_OPEN: 3 });
  await expect(page.locator(".ft")).not.toContainText("hidden");
});

test("the header's box chooses all that is loaded, Esc lets go", async ({ page, at }) => {
  await at("/t/all/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await page.getByRole("checkbox", { name: "Choose all loaded alerts" }).check();
  await expect(page.getByRole("toolbar")).toContainText("128 chosen");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("toolbar")).toHaveCount(0);
});

test("the queue shows one state; the query and the menu say which", async ({ page, at }) => {
  await at("/t/state/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("f");
  await page.keyboard.press("1");
  await expect(page.locator(".ft")).toContainText("1 of 128 loaded hidden by state");
  await page.getByRole("button", { name: /State: open/ }).click();
  await page.getByRole("menuitemradio", { name: "False positive" }).click();
  await expect(page).toHaveURL(/status%3Afalse/);
  await expect(page.locator(rows)).toHaveCount(1);
  await expect(page.getByRole("img", { name: "False positive" })).toHaveCount(1);
  await at("/t/state/alerts?q=status%3Ashut");
  await expect(page.getByRole("alert")).toContainText("No status “shut”");
  await at("/t/state/alerts?q=status%3Abenign");
  await expect(page.getByText("No loaded alert has this state.")).toBeVisible();
  await page.getByRole("button", { name: "Show all states" }).click();
  await expect(page.locator(rows).first()).toBeVisible();
});

test("the alert page decides, notes and shows who said what", async ({ page, at }) => {
  await at("/t/said/alerts");
  await page.locator(rows).first().click();
  await page.keyboard.press("Enter");
  const history = page.getByRole("list", { name: "History" });
  await expect(page.locator(".state-line")).toHaveText(/Open, unassigned/);
  await page.keyboard.press("a");
  await expect(page.locator(".state-line")).toHaveText(/assigned to local/);
  await expect(history.locator("li").first()).toContainText("Assigned to local by local");
  await page.keyboard.press("d");
  await page.keyboard.press("t");
  await page.keyboard.press("3");
  await expect(page.locator(".state-line")).toHaveText(/True positive, assigned to local/);
  await expect(history.locator("li").first()).toContainText("True positive by local");
  await expect(history.locator("li").first()).toContainText("Policy broken");
  await page.keyboard.press("n");
  await page.getByLabel("Note", { exact: true }).last().fill("called the owner");
  await page.getByRole("button", { name: "Keep the note" }).click();
  await expect(history.locator("li").first()).toContainText("called the owner");
  await expect(page.locator(".state-line")).toHaveText(/True positive/);
  await page.reload();
  await expect(page.locator(".state-line")).toHaveText(/True positive, assigned to local/);
});

test("a slow server gets the changes in the order of the keys: the newest word counts", async ({
  page,
  at,
}) => {
  let first = true;
  await page.route("**/alerts:disposition", async (route) => {
    if (first) {
      first = false;
      await new Promise((resolve) => setTimeout(resolve, 1200));
    }
    await route.continue();
  });
  await at("/t/order/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  const [alert] = await listed(page, "order");
  await page.keyboard.press("j");
  await page.keyboard.press("t");
  await page.keyboard.press("1");
  await expect(page.locator(".ft")).toContainText("1 of 128 loaded hidden by state");
  await page.keyboard.press("z");
  await expect(page).toHaveURL(new RegExp(`sel=${alert?.alertId}`));
  await expect(page.locator(current)).toBeFocused();
  await page.keyboard.press("f");
  await page.keyboard.press("1");
  const said = async () => {
    const url = new URL(`/v1/tenants/order/alerts/${alert?.alertId}/triage`, page.url()).href;
    const { events } = (await (await page.request.get(url)).json()) as {
      events: { disposition: { verdict: string } }[];
    };
    return events.map((each) => each.disposition.verdict);
  };
  await expect.poll(said).toEqual(["VERDICT_TRUE_POSITIVE", "VERDICT_OPEN", "VERDICT_FALSE_POSITIVE"]);
  await expect(page.locator(".ft")).toContainText("1 of 128 loaded hidden by state");
});

test("what the server refuses goes back to what it was, with words", async ({ page, at, complaints }) => {
  await at("/t/refused/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await fake(page, "refused", "readonly?on=true");
  await page.keyboard.press("j");
  await page.keyboard.press("f");
  await page.keyboard.press("1");
  await expect(page.getByText("Nothing was changed: alerts_triage is needed")).toBeVisible();
  await expect(page.locator(".ft")).not.toContainText("hidden");
  await expect(page.getByRole("button", { name: /Undo/ })).toHaveCount(0);
  expect(complaints.splice(0).filter((text) => !text.includes("403"))).toEqual([]);
});

test("without the permission the buttons say which role is needed, and keys do nothing", async ({
  page,
  at,
}) => {
  await page.route("**/v1/session", (route) =>
    route.fulfill({ json: { actor: "user:vic@viewer", tenantId: "viewer", permissions: ["alerts_read"] } }),
  );
  await at("/t/viewer/alerts");
  await page.locator(rows).first().click();
  const button = page.getByRole("button", { name: /False positive/ });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(button).toHaveAttribute("title", /Needs the role analyst/);
  await page.keyboard.press("f");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

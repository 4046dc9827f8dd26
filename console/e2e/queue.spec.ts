import { expect, fake, test } from "./pages.ts";

const rows = '[role="row"][aria-rowindex]:not([aria-rowindex="1"])';
const alerts = ".grid-scroll .row:not(.group)";

test("the root leads to the default tenant's queue, newest alert first", async ({ page, at }) => {
  await at("/");
  await expect(page).toHaveURL(/\/t\/default\/alerts$/);
  await expect(page.locator(rows).first()).toContainText("Encoded PowerShell started by Office");
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "129");
  await expect(page.getByRole("img", { name: /128 alerts over time/ })).toBeVisible();
});

test("J, K, Enter and Esc go through the queue, the preview says why", async ({ page, at }) => {
  await at("/t/keys/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.locator('[aria-selected="true"]')).toContainText("Encoded PowerShell");
  const preview = page.getByRole("complementary", { name: /Preview of Encoded PowerShell/ });
  await expect(preview.locator("mark").first()).toHaveText("\\WINWORD.EXE");
  await expect(preview.locator(".cl .d")).toContainText("DownloadString('hxxp://198.51.100[.]24/a')");
  await page.keyboard.press("j");
  await expect(page.locator('[aria-selected="true"]')).toContainText("LSASS memory read");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Encoded PowerShell");
  await page.keyboard.press("j");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("LSASS");
  await page.keyboard.press("Escape");
  await expect(page.locator('[aria-selected="true"]')).toContainText("LSASS");
  await page.keyboard.press("Escape");
  await expect(page.locator('[aria-selected="true"]')).toHaveCount(0);
});

test("the URL holds the view: reload and Back give the same screen", async ({ page, at }) => {
  await at("/t/url/alerts?q=severity%3A%3E%3Dhigh&group=rule&from=now-7d");
  await expect(page.locator(".row.group").first()).toBeVisible();
  const first = await page.locator(".grid-scroll").innerText();
  expect(first).not.toContain("DNS tunnelling");
  await page.reload();
  await expect(page.locator(".row.group").first()).toBeVisible();
  await expect(page.locator(".tk")).toHaveText(/severity:>=high/);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.locator(alerts).first()).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/group=rule/);
  await expect(page.locator('[aria-selected="true"]')).toBeVisible();
});

test("the server counts groups by host, rule, user and technique; keys open and close them", async ({
  page,
  at,
}) => {
  await at("/t/groups/alerts?group=host");
  const heading = page.locator(".row.group").first();
  await expect(heading).toContainText(/fin-wks-0142|dc-ams-02/);
  const count = Number(/(\d+) alerts/.exec(await heading.innerText())?.[1]);
  expect(count).toBeGreaterThan(1);
  await expect(page.locator(alerts)).toHaveCount(0);
  await expect(page.locator(".ft")).toContainText(/groups, 128 alerts/);

  await page.keyboard.press("j");
  await expect(heading).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowRight");
  await expect(heading.getByRole("button")).toHaveAttribute("aria-expanded", "true");
  await expect(page.locator(alerts).first()).toBeVisible();
  await page.keyboard.press("x");
  await expect(page.getByRole("toolbar", { name: "Chosen alerts" })).toContainText(`${count} chosen`);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await expect(page.getByRole("complementary", { name: /Preview of/ })).toBeVisible();
  const address = page.url();
  await page.keyboard.press("f");
  await page.keyboard.press("1");
  await expect(heading).toContainText(`${count - 1} alert`);
  await page.keyboard.press("z");
  await expect(heading).toContainText(`${count} alerts`);
  await page.keyboard.press("ArrowLeft");
  await expect(heading).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator(alerts)).toHaveCount(0);

  // What was taken back has to be with the server before the page goes.
  const alertId = new URL(address).searchParams.get("sel");
  const decided = async () => {
    const url = new URL(`/v1/tenants/groups/alerts/${alertId}/triage`, address).href;
    const { events } = (await (await page.request.get(url)).json()) as {
      events: { disposition: { verdict: string } }[];
    };
    return events.map((each) => each.disposition.verdict);
  };
  await expect.poll(decided).toEqual(["VERDICT_FALSE_POSITIVE", "VERDICT_OPEN"]);

  // A link brings the same groups back, open where they were open.
  await page.goto(address);
  await expect(page.locator('.row[aria-selected="true"]:not(.group)')).toBeVisible();
  await expect(heading.getByRole("button")).toHaveAttribute("aria-expanded", "true");

  for (const by of ["Rule", "User", "Technique"]) {
    await page.getByRole("button", { name: /^Group:/ }).click();
    await page.getByRole("menuitemradio", { name: by }).click();
    await expect(page).toHaveURL(new RegExp(`group=${by.toLowerCase()}`));
    await expect(page.locator(".row.group").nth(1)).toContainText(/\d+ alert/);
  }
});

test("a group with more alerts than one page goes on as a query", async ({ page, at }) => {
  await at("/t/many/alerts?from=all&group=rule");
  await page.locator(".row.group").first().getByRole("button").click();
  await expect(page.locator(alerts).first()).toBeVisible();
  await page.locator(".grid-scroll").evaluate((element) => element.scrollTo(0, 201 * 32));
  await page.getByRole("button", { name: /older ones: show this group alone/ }).click();
  await expect(page).toHaveURL(/q=rule%3A/);
  await expect(page).not.toHaveURL(/group=/);
  await expect(page.locator(alerts).first()).toBeVisible();
});

test("the query bar filters, points at mistakes and mends them", async ({ page, at }) => {
  await at("/t/query/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("hst:dc-ams-02");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("No field “hst”");
  await page.getByRole("button", { name: "Use host" }).click();
  await expect(page.locator(rows).first()).toContainText("dc-ams-02");
  await expect(page.locator(rows).filter({ hasNotText: "dc-ams-02" })).toHaveCount(0);
  await page.keyboard.press("/");
  await page.keyboard.type("nothing-has-this");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No alerts match.")).toBeVisible();
  await page.getByRole("button", { name: "Clear the query", exact: true }).last().click();
  await expect(page.locator(rows).first()).toContainText("Encoded PowerShell");
});

test("a drag over the histogram chooses a time, which is not live", async ({ page, at }) => {
  await at("/t/brush/alerts");
  const chart = page.locator("svg.hist");
  await expect(chart.locator("rect").nth(10)).toBeAttached();
  const box = await chart.boundingBox();
  if (!box) throw new Error("no chart");
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  await expect(page.getByText("Fixed range, not live")).toBeVisible();
});

test("new alerts come in at the top, wait while a row is chosen, and never move it", async ({ page, at }) => {
  await at("/t/live/alerts");
  await expect(page.getByText(/Updated \d+ s ago/)).toBeVisible();
  await fake(page, "live", "publish?n=2");
  await expect(page.locator(".ft")).toContainText("130 alerts");
  await page.keyboard.press("j");
  const chosen = page.locator('[aria-selected="true"]');
  const before = await chosen.boundingBox();
  const text = (await chosen.innerText()).split("\n").slice(1).join();
  await fake(page, "live", "publish?n=500");
  const bar = page.getByRole("button", { name: /500 newer alerts/ });
  await expect(bar).toBeVisible();
  expect((await chosen.innerText()).split("\n").slice(1).join()).toBe(text);
  const after = await chosen.boundingBox();
  // The bar itself takes 26 px above the rows.
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThanOrEqual(26);
  await page.keyboard.press(".");
  await expect(bar).toBeHidden();
  await expect(page.locator(".ft")).toContainText("of 630 alerts");
  await expect(chosen).toContainText(/./);
});

test("paused rows stay; going on shows what came", async ({ page, at }) => {
  await at("/t/pause/alerts");
  await expect(page.getByText(/Updated \d+ s ago/)).toBeVisible();
  await page.keyboard.press("p");
  await fake(page, "pause", "publish?n=3");
  await expect(page.locator(".ft")).toContainText(/Paused .* 3 waiting/);
  await page.keyboard.press("p");
  await expect(page.locator(".ft")).toContainText("131 alerts");
});

test("a dropped stream resumes without gap or double", async ({ page, at, complaints }) => {
  await at("/t/drop/alerts");
  await expect(page.getByText(/Updated \d+ s ago/)).toBeVisible();
  await fake(page, "drop", "publish?n=1");
  await expect(page.locator(".ft")).toContainText("129 alerts");
  await fake(page, "drop", "drop");
  await fake(page, "drop", "publish?n=4");
  await expect(page.getByText(/Reconnecting, data from/)).toBeVisible();
  await expect(page.locator(".ft")).toContainText("133 alerts", { timeout: 15_000 });
  await expect.poll(async () => (await fake(page, "drop", "state")).streams).toBe(1);
  // The browser logs the broken connection itself.
  expect(complaints.splice(0).filter((text) => !text.includes("ERR_"))).toEqual([]);
});

test("10,000 alerts: few DOM nodes, pages load while scrolling", async ({ page, at }) => {
  await at("/t/many/alerts?from=all");
  await expect(page.locator(rows).first()).toBeVisible();
  expect(await page.locator(rows).count()).toBeLessThan(80);
  const scroll = page.locator(".grid-scroll");
  await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect.poll(() => scroll.evaluate((element) => element.scrollHeight)).toBeGreaterThan(200 * 32 + 100);
  expect(await page.locator("*").count()).toBeLessThan(2500);
});

test("the palette, the keys and the theme", async ({ page, at }) => {
  await at("/t/palette/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys and settings" })).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.locator('[aria-selected="true"]')).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("pipel");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/pipeline$/);
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page).toHaveURL(/\/rules$/);
  await page.emulateMedia({ colorScheme: "light" });
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("single keys can be switched off", async ({ page, at }) => {
  await at("/t/nokeys/alerts");
  await expect(page.locator(rows).first()).toBeVisible();
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("checkbox", { name: "Single keys act" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await expect(page.locator('[aria-selected="true"]')).toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await expect(page.locator('[aria-selected="true"]')).toHaveCount(1);
});

test("under 1280 px the preview lies over the rows, and Esc takes it away", async ({ page, at }) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await at("/t/narrow/alerts");
  await page.locator(rows).first().click();
  const preview = page.getByRole("complementary", { name: /Preview of Encoded PowerShell/ });
  await expect(preview).toBeVisible();
  const box = await preview.boundingBox();
  expect(box?.width).toBeGreaterThan(400);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1100);
  await page.keyboard.press("Escape");
  await expect(preview).toBeHidden();
});

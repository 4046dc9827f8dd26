import { expect, test } from "./pages.ts";

test("the overview: figures, stages, components, lines with gaps and tables, who is late", async ({
  page,
  at,
}) => {
  await at("/t/pipe/pipeline");
  await expect(page.locator(".cards")).toContainText("41.8k");
  const stages = page.getByRole("list", { name: "Stages" });
  await expect(stages.getByRole("listitem")).toHaveText([
    /Source41.8k records\/s1,204 wait/,
    /Parse41.8k events\/s14 dead letters/,
    /Match41.8k events\/sbusy 62 %3 failures of rules/,
    /Remember311 matches\/s/,
    /Alert0.6 alerts\/s0 rows refused/,
  ]);
  await expect(page.locator(".flow li")).toHaveCount(4);
  const throughput = page.getByRole("img", { name: /Throughput, events per second. in: now/ });
  await expect(throughput).toBeVisible();
  await expect(page.getByText(/stored: now .*, 13 of 240 samples missing\./)).toBeVisible();
  // The gap is a gap: the line of what was stored begins twice.
  const stored = await throughput.locator("path[stroke='var(--c2)']").getAttribute("d");
  expect(stored?.match(/M/g)).toHaveLength(2);
  await expect(page.getByText("30 s: alerts may be missing")).toBeVisible();
  await page.getByText("Table", { exact: true }).first().click();
  await expect(page.getByRole("table", { name: "Throughput, events per second" })).toBeVisible();
  const late = page.getByRole("region", { name: "Late by source" });
  await expect(late).toContainText("511 late events from 3 log sources.");
  await expect(late.getByRole("row").nth(1)).toContainText("zeek / dns");
});

test("dead letters: by reason, with the beginning of the record; the address holds what is open", async ({
  page,
  at,
}) => {
  await at("/t/pipe/pipeline");
  await page.getByRole("link", { name: "Dead letters" }).click();
  await expect(page).toHaveURL(/pipeline\/dead-letters$/);
  const letters = page.getByRole("region", { name: "Dead letters" });
  await expect(letters).toContainText("14 stored, the newest 2 below.");
  await letters.getByRole("button", { name: "TW-E4003 3" }).click();
  await expect(letters.locator("tbody tr")).toHaveCount(1);
  await letters.getByRole("button", { name: "Show" }).click();
  const sample = page.getByRole("region", { name: "Beginning of the record" });
  await expect(sample).toContainText("<script>window.pwned=20</script>");
  await expect(sample.locator(".ctl").first()).toBeVisible();
  await page.reload();
  await expect(sample).toBeVisible();
  await at("/t/empty/pipeline/dead-letters");
  await expect(page.getByText("Every record could be read.")).toBeVisible();
});

test("cost per rule: the dearest first, per event and per match; checkpoints with what failed", async ({
  page,
  at,
}) => {
  await at("/t/pipe/pipeline/cost");
  const cost = page.getByRole("region", { name: "Cost per rule" });
  const first = cost.locator("tbody tr").first();
  await expect(first).toContainText("Encoded PowerShell started by Office");
  await expect(first).toContainText(/v13 live, v14 shadow/);
  await first.getByRole("link").click();
  await expect(page).toHaveURL(/\/rules\/f/);
  await at("/t/pipe/pipeline/checkpoints");
  const checkpoints = page.getByRole("region", { name: "Checkpoints" });
  await expect(checkpoints).toContainText(/7 of the last 8 completed, the newest \d+ s ago\./);
  await expect(checkpoints.locator("tbody tr").nth(3)).toContainText("failed");
});

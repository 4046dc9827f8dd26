import { expect, fake, test } from "./pages.ts";

/** DOM nodes that the whole page may have, however many alerts there are. */
const MOST_NODES = 2500;
/** Time of its own thread that a frame may cost, milliseconds: several times what it does on a busy machine. */
const MOST_FRAME_MS = 100;

/**
 * 10,000 alerts come over the stream, then the whole queue is scrolled through. Bounded nodes and
 * the page's own time for a frame are asserted; frame times are reported, because a machine that is busy otherwise is no fault of the page.
 */
test("a queue of 10,000 live alerts stays small in the page and scrolls to its end", async ({
  page,
  at,
}, info) => {
  test.setTimeout(120_000);
  const tenant = "flood";
  await at(`/t/${tenant}/alerts?from=all`);
  await expect(page.getByText("No alerts yet.").or(page.getByText("No alerts match.")).first()).toBeVisible();
  await expect.poll(async () => (await fake(page, tenant, "state")).streams).toBeGreaterThan(0);
  for (let batch = 0; batch < 20; batch++) await fake(page, tenant, "publish?n=500");
  const grid = page.getByRole("grid", { name: "Alerts" });
  await expect(grid).toHaveAttribute("aria-rowcount", "10001", { timeout: 60_000 });

  // Time on the page's own thread: it says what a frame costs, however busy the machine is.
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find((each) => each.name === "TaskDuration")?.value ?? 0) * 1000;
  };
  const spentBefore = await spent();
  const walk = await page.evaluate(async () => {
    const scroll = document.querySelector(".grid-scroll") as HTMLElement;
    const frames: number[] = [];
    let nodes = 0;
    let rows = 0;
    const end = () => scroll.scrollHeight - scroll.clientHeight;
    const steps = 240;
    let before = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    for (let step = 1; step <= steps; step++) {
      scroll.scrollTop = (end() * step) / steps;
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      frames.push(now - before);
      before = now;
      if (step % 20 === 0) {
        nodes = Math.max(nodes, document.getElementsByTagName("*").length);
        rows = Math.max(rows, document.querySelectorAll('.grid-scroll [role="row"]').length);
      }
    }
    frames.sort((a, b) => a - b);
    const at = (part: number) => Math.round(frames[Math.floor((frames.length - 1) * part)] ?? 0);
    return { nodes, rows, height: scroll.scrollHeight, p50: at(0.5), p95: at(0.95), longest: at(1) };
  });
  const perFrame = (((await spent()) - spentBefore) / 240).toFixed(1);
  const report = `scrolling 10,000 rows: ${perFrame} ms of the main thread a frame; frames p50 ${walk.p50} ms, p95 ${walk.p95} ms, longest ${walk.longest} ms; ${walk.nodes} DOM nodes, ${walk.rows} rows`;
  info.annotations.push({ type: "frames", description: report });
  console.log(report);
  expect(walk.height).toBeGreaterThan(10_000 * 28);
  expect(walk.nodes).toBeLessThan(MOST_NODES);
  expect(Number(perFrame)).toBeGreaterThan(0);
  expect(Number(perFrame)).toBeLessThan(MOST_FRAME_MS);
  expect(walk.rows).toBeGreaterThan(5);
  expect(walk.rows).toBeLessThan(100);
  await page.locator(".grid-scroll").evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(page.locator('[role="row"][aria-rowindex="10001"]')).toBeVisible();

  // Newer ones come while the eye is at the end: they wait, and nothing moves.
  const last = page.locator('[role="row"][aria-rowindex="10001"]');
  const text = async () => withoutAge(await last.innerText());
  const before = await text();
  await fake(page, tenant, "publish?n=500");
  await expect(page.getByRole("button", { name: /newer alerts/ })).toContainText("500");
  expect(await text()).toBe(before);
});

/** Its age goes on. */
const withoutAge = (text: string) => text.replace(/^\d+ [smh]\n/, "");

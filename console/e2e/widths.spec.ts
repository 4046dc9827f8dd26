import { expect, test } from "./pages.ts";

const FIRST = "f0000001-5c1d-7e00-8a00-00009e3779b1";
const PAGES: [path: string, ready: string][] = [
  ["/rules", ".rt-row"],
  [`/rules/${FIRST}`, ".cm"],
  [`/rules/${FIRST}/edit?tab=shadow`, ".gates tbody tr"],
  [`/rules/${FIRST}/edit?diff=13&view=side`, ".half.removed"],
  ["/coverage?tech=T1059", ".matrix .cell"],
  ["/pipeline", ".chart"],
  ["/pipeline/cost", ".cost tbody tr"],
  ["/pipeline/dead-letters", ".dead tbody tr"],
  ["/alerts", ".row"],
];

for (const [width, height] of [
  [1280, 800],
  [3840, 2160],
] as const) {
  test(`nothing is cut off or pushed out at ${width} pixels`, async ({ page, at }) => {
    test.setTimeout(90_000);
    await page.setViewportSize({ width, height });
    for (const [path, ready] of PAGES) {
      await at(`/t/widths${path}`);
      await expect(page.locator(ready).first(), path).toBeVisible();
      const faults = await page.evaluate(() => {
        const root = document.scrollingElement;
        const found: string[] = [];
        if (root && root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} wide`);
        // What can be pressed must be in sight, or in something that scrolls to it.
        for (const element of document.querySelectorAll("main button, main a.btn")) {
          const box = element.getBoundingClientRect();
          if (box.width === 0 || element.closest("[hidden], .matrix-box, .rt, .pipe-body, .grid-scroll"))
            continue;
          if (box.right > innerWidth + 1 || box.left < -1) found.push(`out of sight: ${element.textContent}`);
        }
        return found;
      });
      expect(faults, `${path} at ${width}`).toEqual([]);
    }
  });
}

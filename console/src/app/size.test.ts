import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
// @ts-expect-error plain JavaScript that Maven runs too
import { measure, problems } from "../../build/size.mjs";

it("counts what index.html loads at once apart from what comes later, and names what is too large", () => {
  const dist = mkdtempSync(join(tmpdir(), "dist-"));
  mkdirSync(join(dist, "assets"));
  const noise = (length: number) => Array.from({ length }, () => Math.random().toString(36)).join("");
  writeFileSync(join(dist, "assets/index-1.js"), noise(100));
  writeFileSync(join(dist, "assets/react-2.js"), noise(200));
  writeFileSync(join(dist, "assets/Editor-3.js"), noise(4000));
  writeFileSync(
    join(dist, "index.html"),
    '<script type="module" src="/assets/index-1.js"></script><link rel="modulepreload" href="/assets/react-2.js">',
  );
  const measured = measure(dist);
  expect(measured.first).toEqual(["index-1.js", "react-2.js"]);
  const { said, total, atOnce } = problems(measured, { total: 5000, first: 100_000 });
  expect(total).toBeGreaterThan(atOnce * 5);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^all script is .* kB of gzip, 5\.0 kB are allowed\. Largest: Editor-3\.js/);
  expect(problems(measured, { total: 1e6, first: 1e6 }).said).toEqual([]);
});

// The gate of how much script the built console has: `node build/size.mjs`. Sizes are gzip, as served.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** All script there is; and what the first page takes, without editor and other pages. */
export const LIMITS = { total: 490_000, first: 150_000 };

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bytes of each script by its name, and the names that index.html loads at once. */
export function measure(dist = join(root, "target/dist")) {
  const assets = join(dist, "assets");
  const sizes = new Map();
  for (const name of readdirSync(assets)) {
    if (name.endsWith(".js")) sizes.set(name, gzipSync(readFileSync(join(assets, name))).length);
  }
  for (const name of readdirSync(dist)) {
    if (name.endsWith(".js")) sizes.set(name, gzipSync(readFileSync(join(dist, name))).length);
  }
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const first = [...html.matchAll(/(?:src|href)="[^"]*?([^"/]+\.js)"/g)].map((match) => match[1]);
  return { sizes, first };
}

/** What is over its limit, in words; empty when nothing is. */
export function problems({ sizes, first }, limits = LIMITS) {
  const sum = (names) => names.reduce((total, name) => total + (sizes.get(name) ?? 0), 0);
  const total = sum([...sizes.keys()]);
  const atOnce = sum(first);
  const said = [];
  if (first.length === 0) said.push("index.html loads no script: the measure is broken");
  if (total > limits.total) said.push(over("all script", total, limits.total, [...sizes.keys()], sizes));
  if (atOnce > limits.first) said.push(over("the first load", atOnce, limits.first, first, sizes));
  return { said, total, atOnce };
}

function over(what, bytes, limit, names, sizes) {
  const largest = [...names].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0)).slice(0, 5);
  const list = largest.map((name) => `${name} ${kilo(sizes.get(name) ?? 0)}`).join(", ");
  return `${what} is ${kilo(bytes)} of gzip, ${kilo(limit)} are allowed. Largest: ${list}. Load parts of it later, or leave them out.`;
}

const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(join(root, "target/dist/index.html"))) {
    console.error("[console] target/dist is not there: npm run build makes it.");
    process.exit(1);
  }
  const { said, total, atOnce } = problems(measure());
  for (const each of said) console.error(`[console] ${each}`);
  if (said.length > 0) process.exit(1);
  console.log(`[console] script: ${kilo(total)} in all, ${kilo(atOnce)} at first (gzip)`);
}

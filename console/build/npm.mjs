// What Maven runs: `node build/npm.mjs install|build|check|e2e`. Steps whose inputs did not change are skipped.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const steps = {
  install: () =>
    unlessStamped("node_modules/.tidewatch-stamp", ["package.json", "package-lock.json", ".npmrc"], () =>
      run("npm", ["ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error"]),
    ),
  build: () =>
    unlessStamped(
      "target/dist.stamp",
      ["package-lock.json", "index.html", "vite.config.ts", "public", "src"],
      () => {
        run("npx", ["vite", "build", "--logLevel=warn"]);
        // What an earlier build copied there would be packed too.
        rmSync("target/classes/console", { recursive: true, force: true });
      },
      "target/dist/index.html",
    ),
  check: () => {
    run("npx", ["tsc", "-p", "."]);
    run("npx", ["biome", "ci", "--error-on-warnings", "."]);
    run("npx", ["vitest", "run", "--reporter=dot"]);
    run("node", ["build/size.mjs"]);
  },
  e2e: () => {
    const chromium = process.env.CHROMIUM || "/usr/bin/chromium";
    if (!existsSync(chromium)) {
      console.warn(
        `[console] SKIPPED: browser tests need Chromium. ${chromium} is not there; install it or set CHROMIUM.`,
      );
      return;
    }
    run("npx", ["playwright", "test"]);
  },
};

const step = steps[process.argv[2]];
if (!step) {
  console.error(`No step "${process.argv[2]}". There are ${Object.keys(steps).join(", ")}.`);
  process.exit(2);
}
step();

function unlessStamped(stamp, inputs, work, product) {
  const digest = `${process.version} ${digestOf(inputs)}`;
  const fresh =
    existsSync(stamp) && readFileSync(stamp, "utf8") === digest && (!product || existsSync(product));
  if (fresh) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function digestOf(paths) {
  const hash = createHash("sha256");
  const visit = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name));
    } else {
      hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
    }
  };
  paths.filter((path) => existsSync(path)).forEach(visit);
  return hash.digest("hex");
}

function run(command, args) {
  const result = spawnSync(command, args, { stdio: "inherit" });
  if (result.error) {
    console.error(
      `[console] ${command} cannot be run (${result.error.code}). Install Node 20.19 or later with npm 10 or later.`,
    );
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
}

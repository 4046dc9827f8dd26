import * as v from "valibot";
import { expect, test } from "vitest";
import { filterParams } from "../api/filter";
import { AlertRow, EventRow } from "../api/wire";
import { niceTop, path } from "../pipeline/LineChart";
import { yamlPieces } from "../rules/yamlTokens";
import { grouped } from "./grouping";
import { laneNames, laneOf } from "./lanes";
import { MOST_ROWS, mergeAlerts } from "./mergeAlerts";
import { processSteps } from "./processes";

const row = (alertId: string, timeMs: number, more = {}) =>
  v.parse(AlertRow, { alertId, timeMs: String(timeMs), ruleId: "r", title: "T", host: "h", ...more });
const event = (eventId: string, timeMs: number, ocsf: Record<string, string>, classUid = 1007) =>
  v.parse(EventRow, { eventId, timeMs, classUid, className: "Process Activity", ocsf });

test("proto3 JSON: defaults for what is absent, numbers from text, unknown members and levels pass", () => {
  expect(row("a", 5, { level: "LEVEL_HIGH", count: "12", future: 1 })).toMatchObject({
    timeMs: 5,
    count: 12,
    level: "high",
    reason: "",
    techniqueIds: [],
    logSource: { product: "" },
  });
  expect(row("a", 5, { level: "LEVEL_NEW" }).level).toBe("informational");
  expect(() => v.parse(AlertRow, { alertId: 7 })).toThrow();
});

test("the filter's names are the API's", () => {
  expect(filterParams({ levels: ["critical", "high"], host: "a&b", fromMs: 1.7, toMs: 2.2 }).toString()).toBe(
    "filter.from_ms=1&filter.to_ms=3&filter.levels=LEVEL_CRITICAL&filter.levels=LEVEL_HIGH&filter.host=a%26b",
  );
  expect(filterParams({}).toString()).toBe("");
});

test("merging: newest first, no doubles, the newer row wins, memory is bounded", () => {
  const rows = [row("b", 3), row("a", 1)];
  expect(
    mergeAlerts(rows, [row("c", 2), row("a", 1, { count: "9" })]).map((r) => [r.alertId, r.count]),
  ).toEqual([
    ["b", 0],
    ["c", 0],
    ["a", 9],
  ]);
  expect(mergeAlerts(rows, [])).toBe(rows);
  const many = Array.from({ length: MOST_ROWS + 10 }, (_, i) => row(`x${i}`, i));
  const merged = mergeAlerts([], many);
  expect(merged).toHaveLength(MOST_ROWS);
  expect(merged[0]?.timeMs).toBe(MOST_ROWS + 9);
});

test("groups stand in the order of their newest alert and know their worst level", () => {
  const rows = [
    row("1", 9, { host: "x" }),
    row("2", 8, { host: "y" }),
    row("3", 7, { host: "x", level: "LEVEL_HIGH" }),
  ];
  const lines = grouped(rows, "host", new Set(["y"]));
  expect(
    lines.map((l) =>
      l.kind === "group" ? `${l.group.name} ${l.group.count} ${l.group.highest}` : l.row.alertId,
    ),
  ).toEqual(["x 2 high", "1", "3", "y 1 informational"]);
});

test("the process tree: parent, process, and what that process did later", () => {
  const own = event("e", 100, {
    "process.name": "powershell.exe",
    "process.pid": "7",
    "process.cmd_line": '"C:\\x\\PowerShell.exe" -nop',
    "process.parent_process.name": "C:\\Office\\WINWORD.EXE",
    "process.parent_process.pid": "3",
  });
  const steps = processSteps(own, [
    event("before", 50, { "process.name": "a.exe", "process.parent_process.pid": "7" }),
    own,
    event("child", 110, {
      "process.name": "rundll32.exe",
      "process.pid": "9",
      "process.parent_process.pid": "7",
    }),
    event("other", 120, { "process.name": "b.exe", "process.parent_process.pid": "8" }),
  ]);
  expect(steps.map((s) => [s.depth, s.name, s.detail, s.own])).toEqual([
    [0, "WINWORD.EXE", "", false],
    [1, "powershell.exe", "-nop", true],
    [2, "rundll32.exe", "", false],
  ]);
  expect(processSteps(event("n", 1, {}, 4001), [])).toEqual([]);
});

test("lanes: known classes by name, the rest shares one", () => {
  expect(laneOf({ classUid: 4003, className: "DNS Activity" })).toBe("dns");
  expect(laneOf({ classUid: 4099, className: "X" })).toBe("network");
  const events = [1007, 1007, 4001, 4003, 1001].map((c, i) => event(String(i), i, {}, c));
  expect(laneNames(events, 3)).toEqual(["process", "network", "other"]);
});

test("line charts start at zero, end at a round number, and leave gaps open", () => {
  expect([0, 1, 3, 41_800, 0.07].map(niceTop)).toEqual([1, 1, 5, 50_000, 0.1]);
  const d = path(
    [0, 5, 10, 100, 105],
    [1, 1, 1, 1, 1],
    (x) => x,
    (y) => y,
  );
  expect(d.match(/M/g)).toHaveLength(2);
});

test.each([
  "title: A: b",
  "    Image|endswith|all:",
  "  - '#no comment'  # one",
  "# all",
  "",
  "key: 'it''s' # c",
  "\tx",
])("colouring %s loses nothing", (line) => {
  expect(
    yamlPieces(line)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(line);
});

test("YAML colours", () => {
  expect(yamlPieces("  Image|endswith: '\\x.exe' # why").map((p) => [p.kind, p.text.trim()])).toEqual([
    ["plain", ""],
    ["key", "Image"],
    ["modifier", "|endswith"],
    ["plain", ":"],
    ["string", "'\\x.exe'"],
    ["comment", "# why"],
  ]);
});

import * as v from "valibot";
import { expect, test } from "vitest";
import { filterParams } from "../api/filter";
import { AlertRow, EventRow } from "../api/wire";
import { niceTop, path } from "../pipeline/LineChart";
import { yamlPieces } from "../rules/yamlTokens";
import { alertIdOf, type GridLine, groupedLines, readOpen, writeOpen } from "./grouping";
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

test("groups stand as the server counts them, with the alerts of the open ones beneath", () => {
  const group = (id: string, count: number) => ({
    id,
    name: "",
    count,
    highest: "high" as const,
    lastSeenMs: 9,
  });
  const rows = [row("1", 9, { host: "x" }), row("2", 8, { host: "x" }), row("3", 7, { host: "x" })];
  const open = new Map([["x", { rows, total: 40, loading: false, failed: false }]]);
  const undecided = (some: readonly AlertRow[]) => some.filter((each) => each.alertId !== "2");
  const said = (lines: GridLine[]) =>
    lines.map((line) =>
      line.kind === "group"
        ? `${line.group.name} ${line.group.count}${line.group.closed ? " closed" : ""}`
        : line.kind === "rest"
          ? `${line.left} more`
          : line.id,
    );
  const lines = groupedLines([group("x", 40), group("", 3), group("gone", 0)], "host", open, undecided);
  expect(said(lines)).toEqual(["x 39", "1", "3", "37 more", "no host 3 closed"]);
  expect(new Set(lines.map((line) => line.id)).size).toBe(lines.length);
  const twice = new Map(["T1", "T2"].map((id) => [id, { rows, total: 3, loading: false, failed: false }]));
  const techniques = groupedLines([group("T1", 3), group("T2", 3)], "technique", twice, (some) => [...some]);
  expect(new Set(techniques.map((line) => line.id)).size).toBe(8);
  expect(techniques.map((line) => alertIdOf(line.id)).filter((id) => id === "1")).toHaveLength(2);
  expect(said(groupedLines([group("x", 1)], "host", open, () => []))).toEqual([]);
});

test("open groups go through the URL whatever their names hold", () => {
  for (const keys of [[], [""], ["a,b", ".", "<img src=x>%\u202e"], ["%zz"]]) {
    expect(readOpen(writeOpen(keys))).toEqual(keys);
  }
  expect(readOpen("x,.%zz,.a,.a")).toEqual(["a"]);
  expect(readOpen(writeOpen(Array.from({ length: 50 }, (_, n) => String(n))))).toHaveLength(20);
  expect(filterParams({ inGroup: { by: "user", id: "" } }).toString()).toBe(
    "filter.in_group.by=ALERT_GROUPING_USER",
  );
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

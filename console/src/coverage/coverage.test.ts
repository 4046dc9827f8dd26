import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { RuleFigures } from "../api/rules";
import { AlertSummary, Rule } from "../api/wire";
import { ruleRows } from "../rules/rows";
import { coverage, hasData, isShown } from "./proof";

const rule = (ruleId: string, techniqueIds: string[], logSource: object = {}, stage = "RULE_STAGE_LIVE") =>
  v.parse(Rule, { ruleId, techniqueIds, logSource, stage });
const source = (product: string, category = "", service = "") => ({ product, category, service });
const seen = [source("windows", "process_creation"), source("zeek", "", "dns"), source("", "", "")].map(
  (logSource) => ({ logSource, events: 5, newestMs: 1, newestIngestMs: 1 }),
);
const figures = (ruleId: string, truePositives: number) => ({
  ruleId,
  truePositives,
  falsePositives: 9,
  benign: 0,
});
const summary = v.parse(AlertSummary, {
  techniques: [
    { id: "T1059.001", count: "90" },
    { id: "T1059.003", count: "10" },
    { id: "T1003", count: "1" },
    { id: "T1110", count: "4" },
    { id: "T9999", count: "2" },
  ],
});
const columns = coverage(
  ruleRows(
    [
      rule("true", ["T1059.001", "T1059.003"], source("windows", "process_creation")),
      rule("fired", ["T1003"]),
      rule("live", ["T1490"], source("windows", "process_creation")),
      rule("silent", ["T1071"], source("aws", "", "cloudtrail")),
      rule("shadow", ["T1486"], source("zeek", "", "dns"), "RULE_STAGE_SHADOW"),
      rule("dark", ["T1485"], source("okta"), "RULE_STAGE_SHADOW"),
      rule("draft", ["T1110"], {}, "RULE_STAGE_DRAFT"),
      rule("retired", ["T1078"], {}, "RULE_STAGE_RETIRED"),
    ],
    [],
    [figures("true", 1), figures("fired", 0)] as RuleFigures[],
  ),
  summary,
  seen,
);
const cell = (id: string) => columns.flatMap((column) => column.cells).find((each) => each.id === id);
const state = (id: string) => cell(id)?.state;

describe("a cell", () => {
  it("says the strongest thing that holds of its technique", () => {
    expect(state("T1059")).toBe("proven");
    expect(state("T1003")).toBe("fired");
    expect(state("T1490")).toBe("live");
    expect(state("T1486")).toBe("shadow");
    expect(state("T1071")).toBe("nodata");
    expect(state("T1485")).toBe("nodata");
    expect(state("T1566")).toBe("none");
  });
  it("counts sub-techniques for their technique, each rule once", () => {
    expect(cell("T1059")).toMatchObject({ alerts: 100 });
    expect(cell("T1059")?.rules).toHaveLength(1);
  });
  it("has no cover from drafts and retired rules, whatever fired before", () => {
    expect(cell("T1110")).toMatchObject({ state: "none", alerts: 4, rules: [] });
    expect(state("T1078")).toBe("none");
  });
  it("names the source that is missing, and a technique that the matrix does not know", () => {
    expect(cell("T1071")?.missing).toEqual(["aws / cloudtrail"]);
    expect(cell("T1059")?.missing).toEqual([]);
    expect(columns.at(-1)).toMatchObject({ id: "other" });
    expect(state("T9999")).toBe("none");
  });
});

it("takes data to be there where nobody knows, and where an event may fit", () => {
  expect(hasData(source("okta"), undefined)).toBe(true);
  expect(hasData(source(""), seen)).toBe(true);
  expect(hasData(source("windows", "", "sysmon"), seen)).toBe(true);
  expect(hasData(source("windows", "registry_set"), seen)).toBe(false);
  expect(hasData(source("linux"), seen)).toBe(false);
  expect(hasData(source("linux"), [])).toBe(false);
});

it("filters by what is shown", () => {
  const shown = (show: Parameters<typeof isShown>[1]) =>
    new Set(
      columns.flatMap((column) => column.cells.filter((each) => isShown(each, show))).map((each) => each.id),
    );
  expect(shown("proven")).toEqual(new Set(["T1059"]));
  expect(shown("nodata")).toEqual(new Set(["T1071", "T1485"]));
  expect(shown("rules")).toEqual(new Set(["T1059", "T1003", "T1490", "T1486", "T1071", "T1485"]));
  expect(shown("").size).toBeGreaterThan(190);
});

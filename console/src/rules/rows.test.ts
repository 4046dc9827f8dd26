import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { RuleSetStatus } from "../api/deployments";
import type { RuleFigures } from "../api/rules";
import { Rule } from "../api/wire";
import { kindOf, matching, ruleRows, sorted } from "./rows";

const rule = (ruleId: string, over: object = {}) =>
  v.parse(Rule, { ruleId, title: `Rule ${ruleId}`, level: "LEVEL_HIGH", kind: "detection", ...over });

const { rules: STATUSES } = v.parse(RuleSetStatus, {
  rules: [
    { ruleId: "a", version: 15, stage: "RULE_STAGE_DRAFT" },
    {
      ruleId: "a",
      version: 14,
      stage: "RULE_STAGE_SHADOW",
      active: 1,
      subtasks: 2,
      matches: "2",
      nanos: "100",
    },
    {
      ruleId: "a",
      version: 13,
      stage: "RULE_STAGE_LIVE",
      active: 2,
      subtasks: 2,
      matches: "40",
      alerts: "10",
      nanos: "200",
      errors: "1",
    },
    {
      ruleId: "b",
      version: 1,
      stage: "RULE_STAGE_LIVE",
      active: 2,
      subtasks: 2,
      nanos: "700",
      fault: "TW-R0001",
    },
    { ruleId: "c", version: 3, stage: "RULE_STAGE_RETIRED", matches: "9" },
  ],
});

const figures = (ruleId: string, over: Partial<RuleFigures>): RuleFigures => ({
  ruleId,
  title: "",
  matches: 0,
  alerts: 0,
  nanos: 0,
  errors: 0,
  stateBytes: 0,
  alerts24h: 0,
  truePositives: 0,
  falsePositives: 0,
  benign: 0,
  falsePositiveRatio: undefined,
  ...over,
});

const rows = ruleRows(
  [rule("a"), rule("b", { kind: "event_count", level: "LEVEL_LOW" }), rule("c", { kind: "sequence" })],
  STATUSES,
  [
    figures("a", { truePositives: 2, falsePositives: 2, alerts24h: 7 }),
    figures("b", { truePositives: 3, falsePositives: 5, benign: 2, falsePositiveRatio: 0.5 }),
  ],
);
const [a, b, c] = rows;

describe("a row", () => {
  it("adds what runs, the live version first, and is in force where all of that is", () => {
    expect(a?.versions.map((each) => each.version)).toEqual([13, 14, 15]);
    expect(a).toMatchObject({
      stage: "live",
      active: 1,
      subtasks: 2,
      matches: 42,
      alerts: 10,
      nanos: 300,
      errors: 1,
    });
    expect(a?.share).toBeCloseTo(0.3);
    expect(c).toMatchObject({ stage: "retired", matches: 0, active: 0, alerts24h: 0 });
  });
  it("has no false positive ratio under five decided alerts", () => {
    expect(a).toMatchObject({ decided: 4, falseRatio: undefined });
    expect(b).toMatchObject({ decided: 10, falseRatio: 0.5, fault: "TW-R0001" });
  });
  it("knows its kind from the type that a rule names", () => {
    expect(
      ["", "detection", "event_count", "temporal_ordered", "sequence", "absence", "filter"].map(kindOf),
    ).toEqual(["detection", "detection", "correlation", "correlation", "pattern", "pattern", "filter"]);
  });
});

describe("filters and orders", () => {
  const ids = (query: object) =>
    matching(rows, { text: "", state: "", level: "", kind: "", ...query }).map((each) => each.rule.ruleId);
  it("filters by stage of any version, level, kind and words", () => {
    expect(ids({})).toEqual(["a", "b", "c"]);
    expect(ids({ state: "shadow" })).toEqual(["a"]);
    expect(ids({ state: "retired" })).toEqual(["c"]);
    expect(ids({ state: "faulty" })).toEqual(["a", "b"]);
    expect(ids({ level: "low" })).toEqual(["b"]);
    expect(ids({ kind: "pattern" })).toEqual(["c"]);
    expect(ids({ text: "RULE event_count" })).toEqual(["b"]);
    expect(ids({ text: "rule nothing" })).toEqual([]);
  });
  it("puts what needs eyes first", () => {
    const order = (by: Parameters<typeof sorted>[1]) => sorted(rows, by).map((each) => each.rule.ruleId);
    expect(order("title")).toEqual(["a", "b", "c"]);
    expect(order("cost")).toEqual(["b", "a", "c"]);
    expect(order("false")).toEqual(["b", "a", "c"]);
    expect(order("stage")).toEqual(["a", "b", "c"]);
    expect(order("matches")).toEqual(["a", "b", "c"]);
  });
});

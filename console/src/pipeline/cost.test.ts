import { expect, it } from "vitest";
import type { RuleStatus } from "../api/deployments";
import { micros, ruleCosts } from "./cost";

const status = (over: Partial<RuleStatus>): RuleStatus => ({
  ruleId: "r1",
  title: "One",
  version: 1,
  stage: "live",
  tenants: [],
  revision: 1,
  active: 2,
  subtasks: 2,
  matches: 0,
  alerts: 0,
  nanos: 0,
  errors: 0,
  stateBytes: 0,
  fault: "",
  ...over,
});

it("adds the versions of a rule that run, leaves out what does not, and puts the dearest first", () => {
  const costs = ruleCosts(
    [
      status({ nanos: 1_000_000, matches: 10 }),
      status({ version: 2, stage: "shadow", nanos: 2_000_000, matches: 20, errors: 1 }),
      status({ version: 3, stage: "draft", nanos: 50_000_000 }),
      status({ ruleId: "r2", title: "Two", nanos: 9_000_000, matches: 3, stateBytes: 77, fault: "TW-R0001" }),
      status({ ruleId: "r3", title: "Three" }),
    ],
    1_000_000,
  );
  expect(costs.map((each) => each.ruleId)).toEqual(["r2", "r1", "r3"]);
  const [two, one, three] = costs;
  expect(one).toMatchObject({ versions: "v1 live, v2 shadow", matches: 30, nanos: 3_000_000, errors: 1 });
  expect(one?.share).toBeCloseTo(0.25);
  expect(one?.microsPerEvent).toBeCloseTo(0.003);
  expect(one?.microsPerMatch).toBeCloseTo(100);
  expect(two).toMatchObject({ stateBytes: 77, fault: "TW-R0001" });
  expect(three).toMatchObject({ share: 0, microsPerMatch: undefined });
});

it("invents no cost per event while nobody has counted the events", () => {
  expect(ruleCosts([status({ nanos: 5, matches: 1 })], undefined)[0]?.microsPerEvent).toBeUndefined();
  expect(ruleCosts([], 5)).toEqual([]);
});

it("says microseconds with their unit", () => {
  expect([0, 0.00001, 0.0042, 0.31, 12.44, 58_700].map(micros)).toEqual([
    "0 ns",
    "0.01 ns",
    "4.2 ns",
    "0.31 µs",
    "12.4 µs",
    "58.7 ms",
  ]);
});

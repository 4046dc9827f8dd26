import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { RuleSetStatus } from "../api/deployments";
import { gates, unmet, type Watched } from "./gates";

const status = (over: object) => {
  const [parsed] = v.parse(RuleSetStatus, {
    rules: [{ ruleId: "r", active: 2, subtasks: 2, ...over }],
  }).rules;
  if (!parsed) throw new Error("no status");
  return parsed;
};
const HOUR = 3_600_000;
const good: Watched = {
  live: status({ version: 13, matches: "100", nanos: "2000000" }),
  shadow: status({ version: 14, matches: "10", nanos: "220000" }),
  liveAlerts: 14,
  shadowAlerts: 3,
  figures: undefined,
  sinceMs: 1,
  nowMs: 76 * HOUR,
};
const state = (over: Partial<Watched>) =>
  Object.fromEntries(gates({ ...good, ...over }).map((each) => [each.name, each.state]));

describe("gates", () => {
  it("are met by a shadow that matches, costs little, errs never and has stood long", () => {
    expect(unmet(gates(good))).toEqual([]);
    expect(gates(good).find((each) => each.name === "Cost for each match")).toMatchObject({
      live: "20.0 µs",
      shadow: "22.0 µs",
      gate: "under 40.0 µs",
    });
  });
  it("wait for what takes time, and fail on what is wrong", () => {
    expect(state({ shadow: status({ active: 1 }) })).toMatchObject({
      "Active on subtasks": "waiting",
      "Matches since the job started": "waiting",
      "Cost for each match": "waiting",
    });
    expect(state({ shadow: status({ fault: "TW-R0001", errors: "3" }) })).toMatchObject({
      "Active on subtasks": "failed",
      Errors: "failed",
    });
    expect(state({ shadowAlerts: 15 })).toMatchObject({ "Alerts, last 24 h": "failed" });
    expect(state({ shadow: status({ matches: "1", nanos: "90000" }) })["Cost for each match"]).toBe("failed");
    expect(state({ sinceMs: 70 * HOUR })["Time in shadow"]).toBe("waiting");
    expect(state({ sinceMs: 0 })["Time in shadow"]).toBe("waiting");
  });
  it("compare with nothing where there is nothing", () => {
    const alone = gates({ ...good, live: undefined, liveAlerts: 0 });
    expect(alone.find((each) => each.name.startsWith("Alerts"))).toMatchObject({ live: "–", state: "none" });
    expect(alone.find((each) => each.name.startsWith("Cost"))?.gate).toBe("under 1.0 ms");
    expect(state({ shadowAlerts: undefined })["Alerts, last 24 h"]).toBe("none");
  });
  it("give no true rate under five decided alerts", () => {
    const figures = { truePositives: 3, falsePositives: 1, benign: 0 } as NonNullable<Watched["figures"]>;
    const rate = (over: object) =>
      gates({ ...good, figures: { ...figures, ...over } }).find((each) => each.name.startsWith("True"))?.live;
    expect(rate({})).toBe("too few");
    expect(rate({ benign: 1 })).toBe("60 %");
  });
});

import type { RuleStatus } from "../api/deployments";

/** What a rule costs, all its versions that run together. */
export interface RuleCost {
  ruleId: string;
  title: string;
  versions: string;
  matches: number;
  nanos: number;
  /** Of the time that all rules took, 0 to 1. */
  share: number;
  /** Microseconds for each event that the job has matched; absent while that is not known. */
  microsPerEvent: number | undefined;
  /** Microseconds for each of its matches; absent without any. */
  microsPerMatch: number | undefined;
  stateBytes: number;
  errors: number;
  fault: string;
}

/** The dearest first. */
export function ruleCosts(rules: readonly RuleStatus[], matchedEvents: number | undefined): RuleCost[] {
  const byRule = new Map<string, RuleStatus[]>();
  for (const rule of rules) {
    if (rule.stage === "live" || rule.stage === "shadow") {
      byRule.set(rule.ruleId, [...(byRule.get(rule.ruleId) ?? []), rule]);
    }
  }
  const sum = (all: readonly RuleStatus[], of: (each: RuleStatus) => number) =>
    all.reduce((total, each) => total + of(each), 0);
  const allNanos = [...byRule.values()].reduce((total, each) => total + sum(each, (one) => one.nanos), 0);
  return [...byRule]
    .map(([ruleId, versions]): RuleCost => {
      const nanos = sum(versions, (each) => each.nanos);
      const matches = sum(versions, (each) => each.matches);
      return {
        ruleId,
        title: versions[0]?.title ?? ruleId,
        versions: versions.map((each) => `v${each.version} ${each.stage}`).join(", "),
        matches,
        nanos,
        share: allNanos > 0 ? nanos / allNanos : 0,
        microsPerEvent: matchedEvents ? nanos / 1000 / matchedEvents : undefined,
        microsPerMatch: matches > 0 ? nanos / 1000 / matches : undefined,
        stateBytes: sum(versions, (each) => each.stateBytes),
        errors: sum(versions, (each) => each.errors),
        fault: versions.find((each) => each.fault)?.fault ?? "",
      };
    })
    .sort((a, b) => b.nanos - a.nanos || a.title.localeCompare(b.title));
}

/** `0.4 ns`, `0.31 µs`, `12.4 µs`, `1.3 ms` */
export function micros(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} ms`;
  if (value >= 10) return `${value.toFixed(1)} µs`;
  if (value >= 0.1) return `${value.toFixed(2)} µs`;
  if (value === 0) return "0 ns";
  return value < 0.00001 ? "< 0.01 ns" : `${(value * 1000).toFixed(value < 0.001 ? 2 : 1)} ns`;
}

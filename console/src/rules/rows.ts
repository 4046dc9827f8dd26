import type { RuleStage, RuleStatus } from "../api/deployments";
import type { RuleFigures } from "../api/rules";
import { LEVELS, type Level, type Rule } from "../api/wire";

/** Under so many decided alerts a rate says nothing. */
export const ENOUGH_DECIDED = 5;

export const KINDS = ["detection", "correlation", "pattern", "filter"] as const;
export type Kind = (typeof KINDS)[number];

/** Types of correlations and patterns, as rules name them. */
const CORRELATIONS = new Set([
  "event_count",
  "value_count",
  "temporal",
  "temporal_ordered",
  "value_sum",
  "value_avg",
  "value_percentile",
  "correlation",
]);

export function kindOf(kind: string): Kind {
  if (kind === "" || kind === "detection") return "detection";
  if (kind === "filter") return "filter";
  return CORRELATIONS.has(kind) ? "correlation" : "pattern";
}

/** A rule of the list with what its versions that run have done. */
export interface RuleRow {
  rule: Rule;
  kind: Kind;
  /** What is placed, the live version first. */
  versions: RuleStatus[];
  /** The furthest stage that a version has. */
  stage: RuleStage;
  active: number;
  subtasks: number;
  matches: number;
  alerts: number;
  /** Absent while the store cannot be asked. */
  alerts24h: number | undefined;
  nanos: number;
  /** Of the time that all rules took. */
  share: number;
  errors: number;
  stateBytes: number;
  decided: number;
  truePositives: number;
  falsePositives: number;
  /** Absent under five decided alerts. */
  falseRatio: number | undefined;
  fault: string;
}

const FURTHEST: RuleStage[] = ["live", "shadow", "draft", "retired"];

export function ruleRows(
  rules: readonly Rule[],
  statuses: readonly RuleStatus[],
  figures: readonly RuleFigures[],
): RuleRow[] {
  const placed = groupBy(statuses);
  const figure = new Map(figures.map((each) => [each.ruleId, each]));
  const rows = rules.map((rule) => row(rule, placed.get(rule.ruleId) ?? [], figure.get(rule.ruleId)));
  const nanos = rows.reduce((sum, each) => sum + each.nanos, 0);
  for (const each of rows) each.share = nanos > 0 ? each.nanos / nanos : 0;
  return rows;
}

function groupBy(statuses: readonly RuleStatus[]): Map<string, RuleStatus[]> {
  const groups = new Map<string, RuleStatus[]>();
  for (const status of statuses) {
    const group = groups.get(status.ruleId);
    if (group) group.push(status);
    else groups.set(status.ruleId, [status]);
  }
  return groups;
}

function row(rule: Rule, placed: RuleStatus[], figures: RuleFigures | undefined): RuleRow {
  const versions = [...placed].sort((a, b) => FURTHEST.indexOf(a.stage) - FURTHEST.indexOf(b.stage));
  const running = versions.filter((each) => each.stage === "live" || each.stage === "shadow");
  const sum = (of: (each: RuleStatus) => number) => running.reduce((total, each) => total + of(each), 0);
  const decided = figures ? figures.truePositives + figures.falsePositives + figures.benign : 0;
  return {
    rule,
    kind: kindOf(rule.kind),
    versions,
    stage: versions[0]?.stage ?? rule.stage,
    // A rule is in force where all its running versions are.
    active: running.length > 0 ? Math.min(...running.map((each) => each.active)) : 0,
    subtasks: running[0]?.subtasks ?? 0,
    matches: sum((each) => each.matches),
    alerts: sum((each) => each.alerts),
    alerts24h: figures ? figures.alerts24h : rule.alerts24h,
    nanos: sum((each) => each.nanos),
    share: 0,
    errors: sum((each) => each.errors),
    stateBytes: sum((each) => each.stateBytes),
    decided,
    truePositives: figures?.truePositives ?? 0,
    falsePositives: figures?.falsePositives ?? 0,
    falseRatio:
      decided >= ENOUGH_DECIDED
        ? (figures?.falsePositiveRatio ?? (figures?.falsePositives ?? 0) / decided)
        : undefined,
    fault: versions.find((each) => each.fault)?.fault ?? "",
  };
}

export interface RuleQuery {
  text: string;
  state: string;
  level: string;
  kind: string;
}

/** Rules that hold every word, in the stage, level and kind that is asked for; empty asks for all. */
export function matching(rows: readonly RuleRow[], query: RuleQuery): RuleRow[] {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (each) =>
      (!query.state || hasStage(each, query.state)) &&
      (!query.level || each.rule.level === query.level) &&
      (!query.kind || each.kind === query.kind) &&
      words.every((word) => haystack(each).includes(word)),
  );
}

/** `faulty` is no stage, but what people look for as they look for one. */
function hasStage(row: RuleRow, state: string): boolean {
  if (state === "faulty") return row.fault !== "" || row.errors > 0;
  if (row.versions.length === 0) return row.stage === state;
  return row.versions.some((each) => each.stage === state);
}

function haystack({ rule, kind }: RuleRow): string {
  const { product, category, service } = rule.logSource;
  return [rule.title, rule.ruleId, rule.file, rule.kind, kind, product, category, service, ...rule.tags]
    .join(" ")
    .toLowerCase();
}

export const SORTS = ["title", "level", "stage", "alerts", "matches", "cost", "errors", "false"] as const;
export type Sort = (typeof SORTS)[number];

const byTitle = (a: RuleRow, b: RuleRow) =>
  a.rule.title.localeCompare(b.rule.title) || (a.rule.ruleId < b.rule.ruleId ? -1 : 1);
const rank = (level: Level) => LEVELS.indexOf(level);
const ORDER: Record<Sort, (a: RuleRow, b: RuleRow) => number> = {
  title: byTitle,
  level: (a, b) => rank(a.rule.level) - rank(b.rule.level),
  stage: (a, b) => FURTHEST.indexOf(a.stage) - FURTHEST.indexOf(b.stage),
  alerts: (a, b) => (b.alerts24h ?? 0) - (a.alerts24h ?? 0),
  matches: (a, b) => b.matches - a.matches,
  cost: (a, b) => b.nanos - a.nanos,
  errors: (a, b) => b.errors - a.errors,
  false: (a, b) => (b.falseRatio ?? -1) - (a.falseRatio ?? -1),
};

/** What needs eyes first; equals by title. */
export function sorted(rows: readonly RuleRow[], by: Sort): RuleRow[] {
  return [...rows].sort((a, b) => ORDER[by](a, b) || byTitle(a, b));
}

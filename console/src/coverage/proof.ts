import type { SeenLogSource } from "../api/logSources";
import type { AlertSummary, Rule } from "../api/wire";
import type { RuleRow } from "../rules/rows";
import { parentOf, TACTICS, type Tactic, TECHNIQUE_NAMES } from "./attack";

/**
 * What is shown of a technique, the strongest that holds:
 * - `proven`: a live rule that names it has raised an alert which somebody decided true;
 * - `fired`: a live rule has raised alerts for it in the chosen time, decided or not;
 * - `live`: a live rule watches events that come in, and nothing has fired;
 * - `shadow`: only versions in shadow watch it;
 * - `nodata`: rules run, but no event of their log sources has come in the last 24 h;
 * - `none`: no rule that runs names it.
 * How many rules there are proves nothing and is not shown.
 */
export const STATES = ["proven", "fired", "live", "shadow", "nodata", "none"] as const;
export type State = (typeof STATES)[number];

export const STATE_WORDS: Record<State, string> = {
  proven: "proven",
  fired: "fired",
  live: "live",
  shadow: "shadow",
  nodata: "no data",
  none: "",
};

const SAID: Record<State, string> = {
  proven: "a live rule has raised an alert that was decided true",
  fired: "a live rule has fired, and nobody has decided an alert true",
  live: "a live rule watches it and has not fired",
  shadow: "only rules in shadow watch it",
  nodata: "rules run, but no event of their log sources comes in",
  none: "no rule that runs names it",
};

/** What a technique's state says. */
export const stateWords = (cell: Cell): string => SAID[cell.state];

export interface Cell {
  id: string;
  name: string;
  state: State;
  /** In the chosen time. */
  alerts: number;
  /** Rules that run. */
  rules: RuleRow[];
  /** Log sources of its rules that nothing comes from; empty while that is not known. */
  missing: string[];
}

export interface Column {
  id: string;
  name: string;
  cells: Cell[];
}

type LogSource = Rule["logSource"];

/**
 * @param seen absent while nobody knows what comes in: then data is taken to be there
 */
export function coverage(
  rows: readonly RuleRow[],
  summary: AlertSummary | undefined,
  seen: readonly SeenLogSource[] | undefined,
): Column[] {
  const rulesOf = new Map<string, RuleRow[]>();
  for (const row of rows.filter(runs)) {
    for (const technique of new Set(row.rule.techniqueIds.map(parentOf))) {
      rulesOf.set(technique, [...(rulesOf.get(technique) ?? []), row]);
    }
  }
  const alertsOf = new Map<string, number>();
  for (const each of summary?.techniques ?? []) {
    const technique = parentOf(each.id);
    alertsOf.set(technique, (alertsOf.get(technique) ?? 0) + each.count);
  }
  const cell = (id: string, name: string): Cell => {
    const rules = rulesOf.get(id) ?? [];
    const alerts = alertsOf.get(id) ?? 0;
    return { id, name, alerts, rules, state: stateOf(rules, alerts, seen), missing: missingOf(rules, seen) };
  };
  const columns = TACTICS.map((tactic) => ({
    id: tactic.id,
    name: tactic.name,
    cells: tactic.techniques.map(([id, name]) => cell(id, name)),
  }));
  return [...columns, ...unknown(new Set([...rulesOf.keys(), ...alertsOf.keys()]), cell)];
}

const runs = (row: RuleRow) => row.stage === "live" || row.stage === "shadow";

function stateOf(
  rules: readonly RuleRow[],
  alerts: number,
  seen: readonly SeenLogSource[] | undefined,
): State {
  const live = rules.filter((row) => row.stage === "live");
  if (live.some((row) => row.truePositives > 0)) return "proven";
  if (live.length > 0 && alerts > 0) return "fired";
  if (live.some((row) => hasData(row.rule.logSource, seen))) return "live";
  if (live.length > 0) return "nodata";
  if (rules.length === 0) return "none";
  return rules.some((row) => hasData(row.rule.logSource, seen)) ? "shadow" : "nodata";
}

function missingOf(rules: readonly RuleRow[], seen: readonly SeenLogSource[] | undefined): string[] {
  const names = rules
    .filter((row) => !hasData(row.rule.logSource, seen))
    .map(({ rule: { logSource } }) => sourceName(logSource));
  return [...new Set(names)].sort();
}

export const sourceName = ({ product, category, service }: LogSource): string =>
  [product, category, service].filter(Boolean).join(" / ");

/** Only what surely does not come in is missing: an attribute that an event does not say may fit. */
export function hasData(wanted: LogSource, seen: readonly SeenLogSource[] | undefined): boolean {
  if (!seen || sourceName(wanted) === "") return true;
  const fits = (want: string, has: string) => want === "" || has === "" || want === has;
  return seen.some(
    ({ logSource: has }) =>
      fits(wanted.product, has.product) &&
      fits(wanted.category, has.category) &&
      fits(wanted.service, has.service) &&
      sourceName(has) !== "",
  );
}

function unknown(used: Set<string>, cell: (id: string, name: string) => Cell): Column[] {
  const cells = [...used]
    .filter((id) => !TECHNIQUE_NAMES.has(id))
    .sort()
    .map((id) => cell(id, "Not in this matrix"));
  return cells.length > 0 ? [{ id: "other", name: "Other", cells }] : [];
}

/** Empty: all; `rules`: whatever a rule that runs names. */
export type Show = "" | "rules" | Exclude<State, "none">;

export const isShown = (cell: Cell, show: Show): boolean =>
  show === "" || (show === "rules" ? cell.state !== "none" : cell.state === show);

export const tacticNames = (technique: string): string[] =>
  TACTICS.filter((tactic: Tactic) => tactic.techniques.some(([id]) => id === technique)).map(
    (tactic) => tactic.name,
  );

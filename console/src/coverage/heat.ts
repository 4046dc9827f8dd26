import type { AlertSummary, Rule } from "../api/wire";
import { parentOf, TACTICS, type Tactic, TECHNIQUE_NAMES } from "./attack";

/**
 * What is proven of a technique: alerts were raised (`fired`), rules run but nothing fired (`live`),
 * or nothing looks for it (`none`). How many rules exist proves nothing and has no colour.
 */
export interface Cell {
  id: string;
  name: string;
  state: "fired" | "live" | "none";
  alerts: number;
  /** 1 to 4, by order of magnitude among those that fired; 0 otherwise. */
  heat: number;
  rules: Rule[];
}

export interface Column {
  id: string;
  name: string;
  cells: Cell[];
}

export function coverage(rules: readonly Rule[], summary: AlertSummary | undefined): Column[] {
  const rulesOf = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const technique of new Set(rule.techniqueIds.map(parentOf))) {
      rulesOf.set(technique, [...(rulesOf.get(technique) ?? []), rule]);
    }
  }
  const alertsOf = new Map<string, number>();
  for (const each of summary?.techniques ?? []) {
    const technique = parentOf(each.id);
    alertsOf.set(technique, (alertsOf.get(technique) ?? 0) + each.count);
  }
  const top = Math.max(1, ...alertsOf.values());
  const cell = (id: string, name: string): Cell => {
    const alerts = alertsOf.get(id) ?? 0;
    const own = rulesOf.get(id) ?? [];
    const state = alerts > 0 ? "fired" : own.length > 0 ? "live" : "none";
    return { id, name, state, alerts, heat: heat(alerts, top), rules: own };
  };
  const columns = TACTICS.map((tactic) => ({
    id: tactic.id,
    name: tactic.name,
    cells: tactic.techniques.map(([id, name]) => cell(id, name)),
  }));
  return [...columns, ...unknown(new Set([...rulesOf.keys(), ...alertsOf.keys()]), cell)];
}

/** Logarithmic: with one technique of a thousand alerts, one of ten still differs from one of one. */
function heat(alerts: number, top: number): number {
  if (alerts === 0) return 0;
  if (top <= 1) return 2;
  return 1 + Math.min(3, Math.floor((Math.log(alerts) / Math.log(top)) * 3.999));
}

function unknown(used: Set<string>, cell: (id: string, name: string) => Cell): Column[] {
  const cells = [...used]
    .filter((id) => !TECHNIQUE_NAMES.has(id))
    .sort()
    .map((id) => cell(id, "Not in this matrix"));
  return cells.length > 0 ? [{ id: "other", name: "Other", cells }] : [];
}

export type Show = "" | "rules" | "fired";

export function shown(column: Column, show: Show): Cell[] {
  if (show === "") return column.cells;
  return column.cells.filter((each) => each.state === "fired" || (show === "rules" && each.state === "live"));
}

export const tacticNames = (technique: string): string[] =>
  TACTICS.filter((tactic: Tactic) => tactic.techniques.some(([id]) => id === technique)).map(
    (tactic) => tactic.name,
  );

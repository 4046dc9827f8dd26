import type { AlertRow } from "../api/wire";

/** Rows that are kept in memory at most. */
export const MOST_ROWS = 10_000;

/** Newest first, and one order for alerts of the same millisecond. */
export function newestFirst(a: AlertRow, b: AlertRow): number {
  return b.timeMs - a.timeMs || (a.alertId < b.alertId ? 1 : a.alertId > b.alertId ? -1 : 0);
}

/**
 * `incoming` wins over a row of the same id: an alert that came again has a new count. The stream says nothing of
 * triage, so what is known of that stays.
 */
export function mergeAlerts(rows: readonly AlertRow[], incoming: readonly AlertRow[]): AlertRow[] {
  if (incoming.length === 0) return rows as AlertRow[];
  const byId = new Map(rows.map((row) => [row.alertId, row]));
  for (const row of incoming) {
    const before = byId.get(row.alertId);
    const silent = before && row.verdict === "" && row.assignee === "";
    byId.set(row.alertId, silent ? { ...row, verdict: before.verdict, assignee: before.assignee } : row);
  }
  return [...byId.values()].sort(newestFirst).slice(0, MOST_ROWS);
}

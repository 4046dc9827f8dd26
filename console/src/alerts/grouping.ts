import type { AlertGroup, Grouping } from "../api/alertGroups";
import type { AlertRow, Level } from "../api/wire";

export type GroupBy = "" | Grouping;

export const GROUPS: [GroupBy, string][] = [
  ["", "None"],
  ["rule", "Rule"],
  ["host", "Host"],
  ["user", "User"],
  ["technique", "Technique"],
];

export const groupOf = (text: string | null): GroupBy => GROUPS.find(([value]) => value === text)?.[0] ?? "";

export interface Group {
  /** Rule id, host, user or technique id; empty for the alerts without one. */
  key: string;
  name: string;
  count: number;
  newestMs: number;
  highest: Level;
  closed: boolean;
}

/** A line of the queue; its id is unique among them, and stands in the URL when it is chosen. */
export type GridLine =
  | { kind: "alert"; id: string; row: AlertRow }
  | { kind: "group"; id: string; group: Group }
  | { kind: "rest"; id: string; group: Group; left: number; state: "there" | "loading" | "failed" };

/** What has been read of an open group. */
export interface Members {
  rows: readonly AlertRow[];
  total: number;
  loading: boolean;
  failed: boolean;
}

export const flatLines = (rows: readonly AlertRow[]): GridLine[] =>
  rows.map((row) => ({ kind: "alert", id: row.alertId, row }));

/**
 * The server's groups as headings, the alerts of the open ones beneath.
 *
 * @param shown whether an alert is to be seen, now that somebody may have decided it
 */
export function groupedLines(
  groups: readonly AlertGroup[],
  by: Grouping,
  open: ReadonlyMap<string, Members>,
  shown: (rows: readonly AlertRow[]) => AlertRow[],
): GridLine[] {
  return groups.flatMap((each): GridLine[] => {
    const members = open.get(each.id);
    const rows = shown(members?.rows ?? []);
    const gone = (members?.rows.length ?? 0) - rows.length;
    const count = each.count - gone;
    if (count <= 0) return [];
    const group: Group = {
      key: each.id,
      name: each.name || each.id || `no ${by}`,
      count,
      newestMs: each.lastSeenMs,
      highest: each.highest,
      closed: members === undefined,
    };
    const lines: GridLine[] = [{ kind: "group", id: groupLine(each.id), group }];
    for (const row of rows) lines.push({ kind: "alert", id: memberLine(row, by, each.id), row });
    if (!members) return lines;
    const left = members.total - members.rows.length;
    const state = members.failed ? "failed" : members.loading ? "loading" : "there";
    if (left > 0 || state !== "there")
      lines.push({ kind: "rest", id: `rest:${each.id}`, group, left, state });
    return lines;
  });
}

export const groupLine = (key: string) => `group:${key}`;

/** An alert stands in the group of each of its techniques. */
const memberLine = (row: AlertRow, by: Grouping, key: string) =>
  by === "technique" ? `${row.alertId}@${key}` : row.alertId;

/** The alert of a line's id. */
export const alertIdOf = (line: string): string => line.split("@")[0] ?? "";

/** Open groups as one parameter of the URL: an id may be empty, or hold any character. */
export const writeOpen = (keys: readonly string[]): string =>
  keys.map((key) => `.${encodeURIComponent(key)}`).join(",");

/** Groups that are open at a time at most; each is a question to the server. */
export const MOST_OPEN = 20;

export function readOpen(text: string): string[] {
  const keys = text.split(",").flatMap((part) => {
    if (!part.startsWith(".")) return [];
    try {
      return [decodeURIComponent(part.slice(1))];
    } catch {
      return [];
    }
  });
  return [...new Set(keys)].slice(-MOST_OPEN);
}

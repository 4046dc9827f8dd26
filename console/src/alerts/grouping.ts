import { type AlertRow, LEVELS, type Level } from "../api/wire";
import type { GridLine } from "./AlertGrid";

export type GroupBy = "" | "rule" | "host" | "user";

export interface Group {
  key: string;
  name: string;
  count: number;
  highest: Level;
  closed: boolean;
}

/** The loaded rows under headings; groups in the order of their newest alert. */
export function grouped(rows: readonly AlertRow[], by: GroupBy, closed: ReadonlySet<string>): GridLine[] {
  if (by === "") return rows.map((row) => ({ kind: "alert", row }));
  const members = new Map<string, AlertRow[]>();
  for (const row of rows) {
    const key = by === "rule" ? row.ruleId : by === "host" ? row.host : row.user;
    const list = members.get(key);
    if (list) list.push(row);
    else members.set(key, [row]);
  }
  const lines: GridLine[] = [];
  for (const [key, list] of members) {
    const group: Group = {
      key,
      name: by === "rule" ? (list[0]?.title ?? key) : key || `no ${by}`,
      count: list.length,
      highest: list.reduce<Level>((top, row) => worse(top, row.level), "informational"),
      closed: closed.has(key),
    };
    lines.push({ kind: "group", group });
    if (!group.closed) for (const row of list) lines.push({ kind: "alert", row });
  }
  return lines;
}

const worse = (a: Level, b: Level): Level => (LEVELS.indexOf(a) <= LEVELS.indexOf(b) ? a : b);

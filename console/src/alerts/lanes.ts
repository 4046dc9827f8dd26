import type { EventRow } from "../api/wire";

/** OCSF classes by the lane they are drawn in. */
const LANE_OF_CLASS: Record<number, string> = {
  1001: "file",
  1002: "kernel",
  1003: "kernel",
  1004: "memory",
  1005: "module",
  1006: "job",
  1007: "process",
  1008: "log",
  3001: "account",
  3002: "sign-in",
  3003: "sign-in",
  3004: "account",
  3005: "account",
  3006: "account",
  4001: "network",
  4002: "http",
  4003: "dns",
  6003: "API",
  201001: "registry",
  201002: "registry",
  201003: "resource",
  201004: "service",
};

export function laneOf(event: Pick<EventRow, "classUid" | "className">): string {
  const known = LANE_OF_CLASS[event.classUid];
  if (known) return known;
  if (event.classUid >= 4000 && event.classUid < 5000) return "network";
  if (event.classUid >= 3000 && event.classUid < 4000) return "account";
  return event.classUid === 0 ? "other" : event.className.replace(/ Activity$/, "").toLowerCase() || "other";
}

/** The busiest lanes by name, at most `most`; the rest share "other". */
export function laneNames(events: readonly EventRow[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(laneOf(event), (counts.get(laneOf(event)) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (names.length <= most) return names;
  return [...names.filter((name) => name !== "other").slice(0, most - 1), "other"];
}

import type { UsageHour } from "../api/agents";

const HOUR_MS = 3600e3;

export type WaySums = Omit<UsageHour, "hourMs" | "overQuota">;

export interface HourSums {
  hourMs: number;
  /** By way in. */
  bytes: ReadonlyMap<string, number>;
  total: number;
}

/** Sums over all hours, most bytes first. */
export function waysOf(hours: readonly UsageHour[]): WaySums[] {
  const sums = new Map<string, WaySums>();
  for (const { way, events, bytes, overQuotaEvents, refusedEvents } of hours) {
    const sum = sums.get(way) ?? { way, events: 0, bytes: 0, overQuotaEvents: 0, refusedEvents: 0 };
    sums.set(way, {
      way,
      events: sum.events + events,
      bytes: sum.bytes + bytes,
      overQuotaEvents: sum.overQuotaEvents + overQuotaEvents,
      refusedEvents: sum.refusedEvents + refusedEvents,
    });
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes || (a.way < b.way ? -1 : 1));
}

/** Every hour that was asked for up to `now`'s, those in which nothing came too. */
export function hoursOf(hours: readonly UsageHour[], count: number, now: number): HourSums[] {
  const first = (Math.floor(now / HOUR_MS) - count + 1) * HOUR_MS;
  return Array.from({ length: count }, (_, at) => {
    const hourMs = first + at * HOUR_MS;
    const bytes = new Map<string, number>();
    for (const each of hours) {
      if (each.hourMs === hourMs) bytes.set(each.way, (bytes.get(each.way) ?? 0) + each.bytes);
    }
    return { hourMs, bytes, total: [...bytes.values()].reduce((a, b) => a + b, 0) };
  });
}

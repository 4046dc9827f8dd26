/** What part of time a page shows: URL parameters `from` and `to`. */
export interface TimeRange {
  /** `now-24h`, or milliseconds since the epoch as text, or `all`. */
  from: string;
  /** Milliseconds as text; empty while the range runs on with now. */
  to: string;
}

export const DEFAULT_RANGE: TimeRange = { from: "now-24h", to: "" };

export const RANGE_CHOICES: [from: string, label: string][] = [
  ["now-15m", "Last 15 min"],
  ["now-1h", "Last hour"],
  ["now-4h", "Last 4 h"],
  ["now-24h", "Last 24 h"],
  ["now-7d", "Last 7 days"],
  ["now-30d", "Last 30 days"],
  ["all", "All time"],
];

const UNIT_MS: Record<string, number> = { s: 1e3, m: 60e3, h: 3600e3, d: 86400e3, w: 604800e3 };
const RELATIVE = /^(?:now-)?(\d{1,5})([smhdw])$/;

function relativeMs(text: string): number | null {
  const [, amount, unit] = RELATIVE.exec(text) ?? [];
  return amount && unit ? Number(amount) * (UNIT_MS[unit] ?? 0) : null;
}

/** The range's bounds at `now`; a missing bound is open. */
export function bounds(range: TimeRange, now: number): { fromMs?: number; toMs?: number } {
  const back = relativeMs(range.from);
  const from = back !== null ? now - back : Number(range.from);
  const to = range.to === "" ? Number.NaN : Number(range.to);
  return {
    ...(Number.isFinite(from) && from > 0 ? { fromMs: from } : {}),
    ...(Number.isFinite(to) && to > 0 ? { toMs: to } : {}),
  };
}

/** Whether new events can still fall into it. */
export const isOpen = (range: TimeRange) => range.to === "";

/**
 * Reads what a person types: `15m`, `now-1h`, `all`, `2026-11-20 14:00/15:00`,
 * `2026-11-20 14:00/2026-11-21 02:00`, `2026-11-20`. Times without a zone are UTC.
 */
export function parseRange(input: string): TimeRange | { problem: string } {
  const text = input.trim();
  if (text === "all") return { from: "all", to: "" };
  const relative = RELATIVE.exec(text);
  if (relative) return { from: `now-${relative[1]}${relative[2]}`, to: "" };
  const [first = "", second = ""] = text.split("/").map((side) => side.trim());
  const from = instant(first, "");
  if (from === null) return { problem: "Type 15m, now-1h, 2026-11-20 or 2026-11-20 14:00/15:00 (UTC)." };
  if (!second) {
    const whole = /^\d{4}-\d\d-\d\d$/.test(first);
    return { from: String(from), to: whole ? String(from + 86400e3) : "" };
  }
  const to = instant(second, first.slice(0, 10));
  if (to === null) return { problem: `“${second}” is not a time. Type 15:00 or 2026-11-20 15:00.` };
  if (to <= from) return { problem: "The end is before the start. Swap the two times." };
  return { from: String(from), to: String(to) };
}

function instant(text: string, day: string): number | null {
  const withDay = /^\d{1,2}:\d\d/.test(text) && day ? `${day} ${text.padStart(5, "0")}` : text;
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?Z?$/.exec(withDay);
  if (!match) return null;
  const ms = Date.parse(`${match[1]}T${match[2] ?? "00:00"}Z`);
  return Number.isNaN(ms) ? null : ms;
}

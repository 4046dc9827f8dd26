import type { FakeAlert } from "./data.ts";

/** The alerts that a filter matches, by everything but triage. */
export function filtered(alerts: FakeAlert[], query: URLSearchParams): FakeAlert[] {
  const levels = query.getAll("filter.levels");
  const from = Number(query.get("filter.from_ms") ?? 0);
  const to = Number(query.get("filter.to_ms") ?? 0);
  const rule = query.get("filter.rule_id");
  const host = query.get("filter.host");
  const user = query.get("filter.user");
  const technique = query.get("filter.technique_id");
  const words = (query.get("filter.text") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  // Of what rules in shadow raised there is little.
  const stored = query.get("filter.shadow") === "true" ? alerts.filter((_, i) => i % 40 === 0) : alerts;
  return stored.filter((a) => {
    const text = `${a.title} ${a.reason} ${a.host} ${a.user}`.toLowerCase();
    return (
      (levels.length === 0 || levels.includes(a.level)) &&
      (!from || Number(a.timeMs) >= from) &&
      (!to || Number(a.timeMs) < to) &&
      (!rule || a.ruleId === rule) &&
      (!host || a.host === host) &&
      (!user || a.user === user) &&
      (!technique || a.techniqueIds.includes(technique)) &&
      words.every((word) => text.includes(word))
    );
  });
}

/** The groups that an alert is in. */
export function groupsOf(alert: FakeAlert, by: string): string[] {
  if (by === "ALERT_GROUPING_RULE") return [alert.ruleId];
  if (by === "ALERT_GROUPING_HOST") return [alert.host];
  if (by === "ALERT_GROUPING_USER") return [alert.user];
  return alert.techniqueIds.length > 0 ? alert.techniqueIds : [""];
}

export function groups(alerts: FakeAlert[], query: URLSearchParams) {
  const by = query.get("by") ?? "";
  const counts = counted(alerts, (a) =>
    groupsOf(a, by).map((id) => [id, by === "ALERT_GROUPING_RULE" ? a.title : ""]),
  );
  const times = (id: string) =>
    alerts.filter((a) => groupsOf(a, by).includes(id)).map((a) => Number(a.timeMs));
  return {
    groups: counts.slice(0, Number(query.get("top") ?? 50)).map((each) => ({
      ...each,
      lastSeenMs: String(Math.max(...times(each.id))),
      firstSeenMs: String(Math.min(...times(each.id))),
    })),
    totalGroups: String(counts.length),
    total: String(alerts.length),
  };
}

export function page(alerts: FakeAlert[], query: URLSearchParams) {
  const size = Number(query.get("page_size") ?? 200);
  const sorted = [...alerts].sort(
    (a, b) => Number(b.timeMs) - Number(a.timeMs) || (a.alertId < b.alertId ? 1 : -1),
  );
  const after = query.get("page_token");
  const start = after ? sorted.findIndex((a) => a.alertId === after) + 1 : 0;
  const rows = sorted.slice(start, start + size);
  const last = rows.at(-1);
  const more = start + size < sorted.length;
  return {
    alerts: rows,
    total: String(alerts.length),
    ...(more && last ? { nextPageToken: last.alertId } : {}),
  };
}

function counted(alerts: FakeAlert[], keys: (a: FakeAlert) => [string, string][]) {
  const counts = new Map<string, { id: string; name: string; count: number; highest: string }>();
  for (const a of alerts) {
    for (const [id, name] of keys(a)) {
      const entry = counts.get(id) ?? { id, name, count: 0, highest: "LEVEL_INFORMATIONAL" };
      entry.count++;
      if (RANK.indexOf(a.level) > RANK.indexOf(entry.highest)) entry.highest = a.level;
      counts.set(id, entry);
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .map((e) => ({ ...e, count: String(e.count) }));
}

const RANK = ["LEVEL_INFORMATIONAL", "LEVEL_LOW", "LEVEL_MEDIUM", "LEVEL_HIGH", "LEVEL_CRITICAL"];

function levels(alerts: FakeAlert[]) {
  return RANK.map((level) => ({
    level,
    count: String(alerts.filter((a) => a.level === level).length),
  })).filter((each) => each.count !== "0");
}

export function summary(alerts: FakeAlert[], query: URLSearchParams) {
  const buckets = Number(query.get("buckets") ?? 60);
  const times = alerts.map((a) => Number(a.timeMs));
  const now = Date.now();
  const from = Number(query.get("filter.from_ms") ?? 0) || Math.min(now - 1000, ...times);
  const to = Number(query.get("filter.to_ms") ?? 0) || now;
  const width = (to - from) / buckets;
  return {
    total: String(alerts.length),
    levels: levels(alerts),
    histogram: Array.from({ length: buckets }, (_, i) => {
      const start = Math.floor(from + i * width);
      const end = Math.floor(from + (i + 1) * width);
      const inside = alerts.filter((a) => Number(a.timeMs) >= start && Number(a.timeMs) < end);
      return { startMs: String(start), endMs: String(end), levels: levels(inside) };
    }),
    techniques: counted(alerts, (a) => a.techniqueIds.map((t) => [t, t])),
    rules: counted(alerts, (a) => [[a.ruleId, a.title]]),
    hosts: counted(alerts, (a) => [[a.host, a.host]]),
    fromMs: String(Math.floor(from)),
    toMs: String(Math.floor(to)),
  };
}

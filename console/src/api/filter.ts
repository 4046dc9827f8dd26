import type { Grouping } from "./alertGroups";
import { enumOfLevel, enumOfVerdict, type Level, type Verdict } from "./wire";

/** Where an alert stands: nobody's, somebody's, or decided. */
export type TriageState = "new" | "assigned" | "closed";

/** The control API's AlertFilter; absent members do not filter. */
export interface AlertFilter {
  fromMs?: number | undefined;
  /** Exclusive. */
  toMs?: number | undefined;
  levels?: Level[] | undefined;
  ruleId?: string | undefined;
  host?: string | undefined;
  user?: string | undefined;
  techniqueId?: string | undefined;
  text?: string | undefined;
  /** What rules in shadow would have raised, and nothing else. */
  shadow?: boolean | undefined;
  states?: TriageState[] | undefined;
  verdicts?: Verdict[] | undefined;
  /** An empty name is nobody. */
  assignees?: string[] | undefined;
  /** The alerts of one group and no others. */
  inGroup?: { by: Grouping; id: string } | undefined;
}

export const groupingOf = (by: Grouping): string => `ALERT_GROUPING_${by.toUpperCase()}`;

export function filterParams(filter: AlertFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.fromMs) params.set("filter.from_ms", String(Math.floor(filter.fromMs)));
  if (filter.toMs) params.set("filter.to_ms", String(Math.ceil(filter.toMs)));
  for (const level of filter.levels ?? []) params.append("filter.levels", enumOfLevel(level));
  if (filter.ruleId) params.set("filter.rule_id", filter.ruleId);
  if (filter.host) params.set("filter.host", filter.host);
  if (filter.user) params.set("filter.user", filter.user);
  if (filter.techniqueId) params.set("filter.technique_id", filter.techniqueId);
  if (filter.text) params.set("filter.text", filter.text);
  if (filter.shadow) params.set("filter.shadow", "true");
  for (const state of filter.states ?? [])
    params.append("filter.states", `TRIAGE_STATE_${state.toUpperCase()}`);
  for (const verdict of filter.verdicts ?? []) params.append("filter.verdicts", enumOfVerdict(verdict));
  for (const assignee of filter.assignees ?? []) params.append("filter.assignees", assignee);
  if (filter.inGroup) {
    params.set("filter.in_group.by", groupingOf(filter.inGroup.by));
    if (filter.inGroup.id) params.set("filter.in_group.id", filter.inGroup.id);
  }
  return params;
}

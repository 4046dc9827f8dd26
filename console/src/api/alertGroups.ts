import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { type AlertFilter, filterParams, groupingOf } from "./filter";
import { wireLevel, wireList, wireNumber, wireText } from "./wire";

/** AlertService.GroupAlerts: what the alerts of a filter have in common, counted by the server. */

/** Groups that are asked for, the most frequent ones. */
export const TOP_GROUPS = 200;

const AlertGroup = v.object({
  /** Rule id, host, user or technique id; empty for alerts without one. */
  id: wireText,
  /** Title of a rule. */
  name: wireText,
  count: wireNumber,
  highest: wireLevel,
  lastSeenMs: wireNumber,
});
export type AlertGroup = v.InferOutput<typeof AlertGroup>;

const AlertGroups = v.object({ groups: wireList(AlertGroup), totalGroups: wireNumber, total: wireNumber });

export type Grouping = "rule" | "host" | "user" | "technique";

export function groupAlerts(tenant: string, filter: AlertFilter, by: Grouping, signal?: AbortSignal) {
  const params = filterParams(filter);
  params.set("by", groupingOf(by));
  params.set("top", String(TOP_GROUPS));
  const url = `/v1/tenants/${encodeURIComponent(tenant)}/alerts:groups?${params}`;
  return fetchJson(AlertGroups, url, signal);
}

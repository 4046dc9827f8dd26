import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { enumOfVerdict, type Verdict, wireList, wireNumber, wireText, wireVerdict } from "./wire";

const tenantUrl = (tenant: string) => `/v1/tenants/${encodeURIComponent(tenant)}`;

/** Alerts that one change may name. */
export const MOST_AT_ONCE = 500;

const Changed = v.object({ alerts: wireNumber });

/** `reason` is a few words that can be counted, beside the free comment. */
export function setDisposition(
  tenant: string,
  alertIds: string[],
  verdict: Verdict,
  comment: string,
  reason = "",
) {
  return fetchJson(Changed, `${tenantUrl(tenant)}/alerts:disposition`, undefined, {
    alertIds,
    verdict: enumOfVerdict(verdict),
    comment,
    reason,
  });
}

/** An empty `assignee` takes the assignment away. */
export function assignAlerts(tenant: string, alertIds: string[], assignee: string) {
  return fetchJson(Changed, `${tenantUrl(tenant)}/alerts:assign`, undefined, { alertIds, assignee });
}

const TriageEvent = v.object({
  timeMs: wireNumber,
  author: wireText,
  disposition: v.optional(v.object({ verdict: wireVerdict, comment: wireText, reason: wireText })),
  assignment: v.optional(v.object({ assignee: wireText })),
});
export type TriageEvent = v.InferOutput<typeof TriageEvent>;

const Triage = v.object({ verdict: wireVerdict, assignee: wireText, events: wireList(TriageEvent) });
export type Triage = v.InferOutput<typeof Triage>;

export function getTriage(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(Triage, `${tenantUrl(tenant)}/alerts/${encodeURIComponent(id)}/triage`, signal);
}

const RuleVerdicts = v.object({
  rules: wireList(
    v.object({
      ruleId: wireText,
      truePositives: wireNumber,
      falsePositives: wireNumber,
      benign: wireNumber,
    }),
  ),
});

export function getRuleVerdicts(tenant: string, ruleId: string, signal?: AbortSignal) {
  const params = new URLSearchParams({ rule_id: ruleId });
  return fetchJson(RuleVerdicts, `${tenantUrl(tenant)}/alerts:verdicts?${params}`, signal);
}

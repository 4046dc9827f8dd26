import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { RuleDiagnostic, wireList, wireNumber, wireText } from "./wire";
import type { RuleText } from "./workbench";

export type RuleStage = "draft" | "shadow" | "live" | "retired";

const STAGE_OF_ENUM: Record<string, RuleStage> = {
  RULE_STAGE_DRAFT: "draft",
  RULE_STAGE_SHADOW: "shadow",
  RULE_STAGE_LIVE: "live",
  RULE_STAGE_RETIRED: "retired",
};
const stage = v.pipe(
  v.optional(v.string(), ""),
  v.transform((name): RuleStage => STAGE_OF_ENUM[name] ?? "draft"),
);

const RuleStatus = v.object({
  ruleId: wireText,
  title: wireText,
  version: wireNumber,
  stage,
  tenants: wireList(v.string()),
  revision: wireNumber,
  active: wireNumber,
  subtasks: wireNumber,
  matches: wireNumber,
  alerts: wireNumber,
  nanos: wireNumber,
  errors: wireNumber,
  stateBytes: wireNumber,
  fault: wireText,
});
export type RuleStatus = v.InferOutput<typeof RuleStatus>;

export const RuleSetStatus = v.object({
  revision: wireNumber,
  subtasks: wireNumber,
  active: wireNumber,
  rules: wireList(RuleStatus),
  refusal: wireText,
});

const Deployed = v.object({
  revision: wireNumber,
  rules: wireList(
    v.object({
      ruleId: wireText,
      title: wireText,
      version: wireNumber,
      changed: v.optional(v.boolean(), false),
    }),
  ),
  diagnostics: wireList(RuleDiagnostic),
});
export type Deployed = v.InferOutput<typeof Deployed>;

const tenantUrl = (tenant: string) => `/v1/tenants/${encodeURIComponent(tenant)}`;

export function deployRules(tenant: string, files: readonly RuleText[], to: "shadow" | "live") {
  return fetchJson(Deployed, `${tenantUrl(tenant)}/rules:deploy`, undefined, {
    files,
    stage: `RULE_STAGE_${to.toUpperCase()}`,
  });
}

export function rollBackRule(tenant: string, id: string) {
  return fetchJson(Deployed, `${tenantUrl(tenant)}/rules/${encodeURIComponent(id)}:rollback`, undefined, {});
}

export function retireRule(tenant: string, id: string) {
  return fetchJson(Deployed, `${tenantUrl(tenant)}/rules/${encodeURIComponent(id)}:retire`, undefined, {});
}

/** Of all rules that are placed: what runs where, and what each version has counted. */
export function listRuleStatus(tenant: string, signal?: AbortSignal) {
  return fetchJson(RuleSetStatus, `${tenantUrl(tenant)}/rulestatus`, signal);
}

export function getRuleStatus(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(RuleSetStatus, `${tenantUrl(tenant)}/rulestatus/${encodeURIComponent(id)}`, signal);
}

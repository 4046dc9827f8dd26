import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { RuleDiagnostic, type RuleStage, wireList, wireNumber, wireStage, wireText } from "./wire";

export type { RuleStage };

const RuleStatus = v.object({
  ruleId: wireText,
  title: wireText,
  version: wireNumber,
  stage: wireStage,
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
  /** Kafka has yet to be told of the newest revision. */
  waitsForKafka: v.optional(v.boolean(), false),
});
export type RuleSetStatus = v.InferOutput<typeof RuleSetStatus>;

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
  /** Recorded, and will be in force when Kafka answers again. */
  waitsForKafka: v.optional(v.boolean(), false),
});
export type Deployed = v.InferOutput<typeof Deployed>;

const tenantUrl = (tenant: string) => `/v1/tenants/${encodeURIComponent(tenant)}`;

/** A text of one rule; ABORTED when there is a version above `baseVersion`, unless that is 0. */
export interface Deployment {
  file: string;
  text: string;
  baseVersion: number;
}

export function deployRules(
  tenant: string,
  { file, text, baseVersion }: Deployment,
  to: "shadow" | "live",
  comment = "",
) {
  return fetchJson(Deployed, `${tenantUrl(tenant)}/rules:deploy`, undefined, {
    files: [{ file, text, ...(baseVersion > 0 ? { baseVersion } : {}) }],
    stage: `RULE_STAGE_${to.toUpperCase()}`,
    ...(comment ? { comment } : {}),
  });
}

/** Puts a version that is kept into another stage, for all tenants. */
export function stageRule(tenant: string, id: string, version: number, to: RuleStage, comment: string) {
  return fetchJson(Deployed, `${tenantUrl(tenant)}/rules/${encodeURIComponent(id)}:stage`, undefined, {
    version,
    stage: `RULE_STAGE_${to.toUpperCase()}`,
    comment,
  });
}

/** To `version`, or with 0 to the newest below the one that runs. */
export function rollBackRule(tenant: string, id: string, version = 0, comment = "") {
  return fetchJson(Deployed, `${tenantUrl(tenant)}/rules/${encodeURIComponent(id)}:rollback`, undefined, {
    ...(version ? { version } : {}),
    ...(comment ? { comment } : {}),
  });
}

export function retireRule(tenant: string, id: string, comment = "") {
  return fetchJson(
    Deployed,
    `${tenantUrl(tenant)}/rules/${encodeURIComponent(id)}:retire`,
    undefined,
    comment ? { comment } : {},
  );
}

/** Of all rules that are placed: what runs where, and what each version has counted. */
export function listRuleStatus(tenant: string, signal?: AbortSignal) {
  return fetchJson(RuleSetStatus, `${tenantUrl(tenant)}/rulestatus`, signal);
}

export function getRuleStatus(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(RuleSetStatus, `${tenantUrl(tenant)}/rulestatus/${encodeURIComponent(id)}`, signal);
}

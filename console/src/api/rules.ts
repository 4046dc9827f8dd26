import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { RuleDiagnostic, wireFigure, wireList, wireNumber, wireStage, wireText } from "./wire";

const RulePlace = v.object({ version: wireNumber, stage: wireStage, tenants: wireList(v.string()) });

const RuleVersion = v.object({
  ruleId: wireText,
  version: wireNumber,
  hash: wireText,
  title: wireText,
  file: wireText,
  /** Only when one version is asked for. */
  source: wireText,
  author: wireText,
  comment: wireText,
  createdMs: wireNumber,
  places: wireList(RulePlace),
  available: v.optional(v.boolean(), false),
});
export type RuleVersion = v.InferOutput<typeof RuleVersion>;

const RuleEvent = v.object({
  revision: wireNumber,
  timeMs: wireNumber,
  author: wireText,
  comment: wireText,
  action: wireText,
  version: wireNumber,
  before: wireList(RulePlace),
  after: wireList(RulePlace),
  waitsForKafka: v.optional(v.boolean(), false),
});
export type RuleEvent = v.InferOutput<typeof RuleEvent>;

const RuleFigures = v.object({
  ruleId: wireText,
  title: wireText,
  matches: wireNumber,
  alerts: wireNumber,
  nanos: wireNumber,
  errors: wireNumber,
  stateBytes: wireNumber,
  alerts24h: wireFigure,
  truePositives: wireNumber,
  falsePositives: wireNumber,
  benign: wireNumber,
  /** Absent where too few alerts are decided. */
  falsePositiveRatio: wireFigure,
});
export type RuleFigures = v.InferOutput<typeof RuleFigures>;

const Versions = v.object({ versions: wireList(RuleVersion), nextPageToken: wireText });
const Events = v.object({ events: wireList(RuleEvent), nextPageToken: wireText });
const AllFigures = v.object({ rules: wireList(RuleFigures), subtasks: wireNumber });
const Created = v.object({
  version: v.optional(RuleVersion),
  diagnostics: wireList(RuleDiagnostic),
  existed: v.optional(v.boolean(), false),
  waitsForKafka: v.optional(v.boolean(), false),
});

const tenantUrl = (tenant: string) => `/v1/tenants/${encodeURIComponent(tenant)}`;
const ruleUrl = (tenant: string, id: string) => `${tenantUrl(tenant)}/rules/${encodeURIComponent(id)}`;

/** The newest hundred, newest first. */
export function listRuleVersions(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(Versions, `${ruleUrl(tenant, id)}/versions?page_size=100`, signal);
}

export function getRuleVersion(tenant: string, id: string, version: number, signal?: AbortSignal) {
  return fetchJson(RuleVersion, `${ruleUrl(tenant, id)}/versions/${version}`, signal);
}

/** What was done to a rule, newest first. */
export function listRuleHistory(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(Events, `${ruleUrl(tenant, id)}/history?page_size=100`, signal);
}

export function listRuleFigures(tenant: string, signal?: AbortSignal) {
  return fetchJson(AllFigures, `${tenantUrl(tenant)}/rulefigures`, signal);
}

/** Keeps a text as a draft; ABORTED when there is a version above `baseVersion`. */
export function createRuleVersion(
  tenant: string,
  draft: { file: string; source: string; comment: string; baseVersion: number },
) {
  return fetchJson(Created, `${tenantUrl(tenant)}/ruleversions`, undefined, draft);
}

import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { RuleDiagnostic, wireLevel, wireList, wireLogSource, wireNumber, wireText } from "./wire";

/** Rule texts and events go in, nothing is kept: docs/reference/control-api.md, WorkbenchService. */
export interface RuleText {
  file: string;
  text: string;
}

const CompiledRule = v.object({
  ruleId: wireText,
  title: wireText,
  kind: wireText,
  level: wireLevel,
  logSource: wireLogSource,
  file: wireText,
  refersTo: wireList(v.string()),
});
export type CompiledRule = v.InferOutput<typeof CompiledRule>;

export const Validation = v.object({
  diagnostics: wireList(RuleDiagnostic),
  rules: wireList(CompiledRule),
});
export type Validation = v.InferOutput<typeof Validation>;

/** One step of a condition: and, or, not, quantified, selection. */
export interface ConditionNode {
  kind: string;
  holds: boolean;
  name: string;
  text: string;
  terms: ConditionNode[];
  term?: ConditionNode | undefined;
  selections: ConditionNode[];
}
const ConditionNode: v.GenericSchema<unknown, ConditionNode> = v.object({
  kind: wireText,
  holds: v.optional(v.boolean(), false),
  name: wireText,
  text: wireText,
  terms: wireList(v.lazy(() => ConditionNode)),
  term: v.optional(v.lazy(() => ConditionNode)),
  selections: wireList(v.lazy(() => ConditionNode)),
});

/** One step of a selection: every, any, neq, test. */
export interface SearchNode {
  kind: string;
  holds: boolean;
  field: string;
  operator: string;
  pattern: string;
  values: string[];
  why: string;
  note: string;
  parts: SearchNode[];
  part?: SearchNode | undefined;
}
const SearchNode: v.GenericSchema<unknown, SearchNode> = v.object({
  kind: wireText,
  holds: v.optional(v.boolean(), false),
  field: wireText,
  operator: wireText,
  pattern: wireText,
  values: wireList(v.string()),
  why: wireText,
  note: wireText,
  parts: wireList(v.lazy(() => SearchNode)),
  part: v.optional(v.lazy(() => SearchNode)),
});

const Explanation = v.object({
  verdict: wireText,
  fired: v.optional(v.boolean(), false),
  reasons: wireList(v.string()),
  log_source: v.optional(
    v.object({
      covers: v.optional(v.boolean(), false),
      differences: wireList(v.object({ attribute: wireText, wanted: wireText, seen: wireText })),
    }),
    {},
  ),
  condition: v.optional(
    v.object({ text: wireText, holds: v.optional(v.boolean(), false), tree: v.optional(ConditionNode) }),
    {},
  ),
  selections: wireList(
    v.object({
      name: wireText,
      role: wireText,
      holds: v.optional(v.boolean(), false),
      search: v.optional(SearchNode),
    }),
  ),
});
export type Explanation = v.InferOutput<typeof Explanation>;

const Verdict = v.object({
  ruleId: wireText,
  title: wireText,
  fired: v.optional(v.boolean(), false),
  silent: v.optional(v.boolean(), false),
  explanation: v.optional(Explanation),
});
export type Verdict = v.InferOutput<typeof Verdict>;

const TestedEvent = v.object({
  error: wireText,
  timeUs: wireNumber,
  logSources: wireList(wireLogSource),
  verdicts: wireList(Verdict),
});
export type TestedEvent = v.InferOutput<typeof TestedEvent>;

const GroupValue = v.object({ field: wireText, value: wireText });
const TestedEpisode = v.object({
  ruleId: wireText,
  title: wireText,
  kind: wireText,
  level: wireLevel,
  group: wireList(GroupValue),
  count: wireNumber,
  firstSeenUs: wireNumber,
  lastSeenUs: wireNumber,
  openUs: wireNumber,
  events: wireList(v.number()),
  findings: wireList(GroupValue),
});
export type TestedEpisode = v.InferOutput<typeof TestedEpisode>;

export const TestResult = v.object({
  diagnostics: wireList(RuleDiagnostic),
  rules: wireList(CompiledRule),
  events: wireList(TestedEvent),
  episodes: wireList(TestedEpisode),
  notes: wireList(v.string()),
});
export type TestResult = v.InferOutput<typeof TestResult>;

export const Vocabulary = v.object({
  fields: wireList(v.object({ field: wireText, rules: wireNumber })),
  modifiers: wireList(v.string()),
  logSources: wireList(wireLogSource),
});
export type Vocabulary = v.InferOutput<typeof Vocabulary>;

const rulesUrl = (tenant: string) => `/v1/tenants/${encodeURIComponent(tenant)}/rules`;

export function validateRules(tenant: string, sources: readonly RuleText[], signal?: AbortSignal) {
  return fetchJson(Validation, `${rulesUrl(tenant)}:validate`, signal, { sources });
}

export function testRules(
  tenant: string,
  sources: readonly RuleText[],
  events: readonly string[],
  signal?: AbortSignal,
) {
  return fetchJson(TestResult, `${rulesUrl(tenant)}:test`, signal, { sources, events });
}

export function getVocabulary(
  tenant: string,
  source: { product: string; category: string; service: string },
  signal?: AbortSignal,
) {
  const params = new URLSearchParams(source);
  return fetchJson(Vocabulary, `/v1/tenants/${encodeURIComponent(tenant)}/vocabulary?${params}`, signal);
}

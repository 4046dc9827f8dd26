import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Vocabulary } from "../api/workbench";

const HEAD_KEYS = [
  "title",
  "id",
  "name",
  "status",
  "level",
  "description",
  "author",
  "date",
  "modified",
  "tags",
  "references",
  "falsepositives",
  "logsource",
  "detection",
  "correlation",
  "pattern",
  "suppress",
  "lateness",
];
const SOURCE_KEYS = ["product", "category", "service"] as const;
const CORRELATION_KEYS = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];
const VALUES: Record<string, readonly string[]> = {
  level: ["informational", "low", "medium", "high", "critical"],
  status: ["experimental", "test", "stable", "deprecated", "unsupported"],
  type: [
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "value_sum",
    "value_avg",
    "value_percentile",
  ],
};

/** What may stand at the cursor: a field, a modifier behind a bar, an attribute, one of few values. */
export function completeRule(vocabulary: () => Vocabulary | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const words = vocabulary();
    const modifier = /^\s*(?:- )?[^\s:|]+(?:\|[a-z0-9]*)*\|([a-z0-9]*)$/.exec(before);
    if (modifier) return result(context, modifier[1] ?? "", words?.modifiers ?? [], "keyword");
    const value = /^\s*([a-z]+):\s+([^\s]*)$/.exec(before);
    if (value) return valueAt(context, value[1] ?? "", value[2] ?? "", words);
    const key = /^(\s*)(?:- )?([A-Za-z0-9_.-]*)$/.exec(before);
    if (!key || (!context.explicit && key[2] === "")) return null;
    const typed = key[2] ?? "";
    if (key[1] === "") return result(context, typed, HEAD_KEYS, "property", ": ");
    const section = sectionOf(context.state.doc.sliceString(0, line.from));
    if (section === "logsource") return result(context, typed, SOURCE_KEYS, "property", ": ");
    if (section === "correlation") return result(context, typed, CORRELATION_KEYS, "property", ": ");
    if (section === "detection" && words) {
      const options = words.fields.map((each) => ({
        label: each.field,
        type: "variable",
        detail: each.rules === 1 ? "1 rule" : `${each.rules} rules`,
        boost: Math.min(50, each.rules / 20),
      }));
      return { from: context.pos - typed.length, options, validFor: /^[A-Za-z0-9_.-]*$/ };
    }
    return null;
  };
}

function valueAt(context: CompletionContext, key: string, typed: string, words: Vocabulary | undefined) {
  const fixed = VALUES[key];
  if (fixed) return result(context, typed, fixed, "enum");
  const attribute = SOURCE_KEYS.find((each) => each === key);
  if (!attribute || !words) return null;
  const known = new Set(words.logSources.map((source) => source[attribute]).filter(Boolean));
  return result(context, typed, [...known], "enum");
}

function result(
  context: CompletionContext,
  typed: string,
  labels: readonly string[],
  type: string,
  behind = "",
): CompletionResult {
  const options: Completion[] = labels.map((label) => ({ label, type, apply: label + behind }));
  return { from: context.pos - typed.length, options, validFor: /^[A-Za-z0-9_.-]*$/ };
}

/** The top-level key that the cursor stands under. */
function sectionOf(before: string): string {
  const found = [...before.matchAll(/^([a-z]+):/gm)].at(-1);
  return found?.[1] ?? "";
}

/** The log source that a rule's text names, as far as it is written. */
export function logSourceOf(text: string): { product: string; category: string; service: string } {
  const block = /^logsource:\s*\n((?:[ \t]+.*\n?)*)/m.exec(text)?.[1] ?? "";
  const inline = /^logsource:\s*\{([^}]*)\}/m.exec(text)?.[1] ?? "";
  const of = (key: string) =>
    new RegExp(`(?:^|[\\s,{])${key}:\\s*['"]?([A-Za-z0-9_.-]+)`).exec(block || inline)?.[1] ?? "";
  return { product: of("product"), category: of("category"), service: of("service") };
}

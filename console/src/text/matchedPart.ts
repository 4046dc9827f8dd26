import type { MatchedField } from "../api/wire";
import type { Range } from "./hostile";

/**
 * Where in `value` the rule's pattern holds, so that the eye finds it. The server decided that it
 * matched; this only looks for the place. The whole value is marked where no single place is to be
 * found: regular expressions (running a rule's expression on an attacker's text in the page would
 * invite catastrophic backtracking), networks, numbers.
 */
export function matchedPart(value: string, match: Pick<MatchedField, "operator" | "pattern">): Range[] {
  const whole: Range[] = value ? [[0, value.length]] : [];
  const operators = match.operator.toLowerCase().split(/[|,\s]+/);
  const has = (name: string) => operators.includes(name);
  if (has("null") || has("exists") || has("neq")) return [];
  const { pattern } = match;
  if (!pattern || has("re") || has("cidr")) return whole;
  if (has("contains") || has("keyword") || has("keywords"))
    return literal(value, pattern) ?? pieces(value, pattern) ?? whole;
  if (has("startswith")) return anchored(value, pattern, "start") ?? pieces(value, pattern) ?? whole;
  if (has("endswith")) return anchored(value, pattern, "end") ?? pieces(value, pattern) ?? whole;
  return /[*?]/.test(pattern) ? (pieces(value, pattern) ?? whole) : whole;
}

/** Lower case without changing lengths, so that offsets stay the value's own. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c)).join("");
}

function literal(value: string, pattern: string): Range[] | null {
  const at = fold(value).indexOf(fold(pattern));
  if (at >= 0) return [[at, at + pattern.length]];
  // Sigma's windash lets every dash, and a slash, stand for a hyphen.
  const dashed = /[-/]/.test(pattern) ? sameDash(fold(value)).indexOf(sameDash(fold(pattern))) : -1;
  return dashed < 0 ? null : [[dashed, dashed + pattern.length]];
}

const sameDash = (text: string) => text.replace(/[/\u2013\u2014\u2015]/g, "-");

function anchored(value: string, pattern: string, side: "start" | "end"): Range[] | null {
  const folded = fold(value);
  if (side === "start" && folded.startsWith(fold(pattern))) return [[0, pattern.length]];
  if (side === "end" && folded.endsWith(fold(pattern)))
    return [[value.length - pattern.length, value.length]];
  return null;
}

/** The literal pieces between wildcards, in order. */
function pieces(value: string, pattern: string): Range[] | null {
  const folded = fold(value);
  const result: Range[] = [];
  let from = 0;
  for (const piece of literals(pattern)) {
    const at = folded.indexOf(fold(piece), from);
    if (at < 0) return null;
    result.push([at, at + piece.length]);
    from = at + piece.length;
  }
  return result.length > 0 ? result : null;
}

/** Sigma's escapes: a backslash before a wildcard or before another backslash-and-wildcard. */
function literals(pattern: string): string[] {
  const result: string[] = [];
  let piece = "";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i);
    const next = pattern.charAt(i + 1);
    if (c === "\\" && (next === "*" || next === "?" || next === "\\")) {
      piece += next;
      i++;
    } else if (c === "*" || c === "?") {
      if (piece) result.push(piece);
      piece = "";
    } else {
      piece += c;
    }
  }
  if (piece) result.push(piece);
  return result;
}

const WORDS: Record<string, string> = {
  equals: "is",
  contains: "contains",
  startswith: "starts with",
  endswith: "ends with",
  re: "matches",
  cidr: "is in",
  exists: "exists",
  null: "is empty",
  keyword: "holds",
  keywords: "holds",
  lt: "is under",
  lte: "is at most",
  gt: "is over",
  gte: "is at least",
  cased: "",
  fieldref: "equals the field",
};

const NEGATED: Record<string, string> = {
  contains: "does not contain",
  startswith: "does not start with",
  endswith: "does not end with",
  re: "does not match",
  cidr: "is not in",
};

/** An operator in words: `endswith` is "ends with". Unknown ones keep their own name. */
export function operatorWords(operator: string): string {
  const names = operator.toLowerCase().split(/[|,\s]+/);
  if (names.includes("neq")) return NEGATED[names[0] ?? ""] ?? "is not";
  const words = names
    .map((name) => WORDS[name] ?? name)
    .filter(Boolean)
    .join(" ");
  return words || "is";
}

import type { AlertFilter } from "../api/filter";
import { LEVELS, type Level } from "../api/wire";
import { STATES, type State } from "../triage/verdicts";

/** One part of the query as typed, with its place, so that it can be shown, edited and removed. */
export interface Token {
  /** Offsets in the query. */
  start: number;
  end: number;
  raw: string;
  /** Empty for a bare word. */
  field: string;
  operator: "" | ":" | ":>=" | ":>" | ":<=" | ":<";
  value: string;
  problem?: QueryProblem;
}

export interface QueryProblem {
  message: string;
  /** The query that would do, where there is a plain one. */
  fix?: { label: string; query: string };
}

export interface ParsedQuery {
  tokens: Token[];
  filter: AlertFilter;
  /** What `status:` says. The filter has it too; the page knows what has changed since it asked. */
  state: State;
  problems: { start: number; end: number; problem: QueryProblem }[];
}

export const MOST_CHARACTERS = 2000;

type FilterKey = "host" | "user" | "ruleId" | "techniqueId";
const SINGLE: Record<string, FilterKey> = {
  host: "host",
  user: "user",
  rule: "ruleId",
  technique: "techniqueId",
};
const FIELDS = ["severity", "status", ...Object.keys(SINGLE)];

const TOKEN =
  /(-?)([A-Za-z_.]+)(:(?:>=|<=|>|<)?)("(?:[^"\\]|\\.)*"?|\([^)]*\)?|[^\s]*)|"(?:[^"\\]|\\.)*"?|\S+/g;

/** The control API takes one structured filter; this turns text into it and says what does not fit. */
export function parseQuery(query: string): ParsedQuery {
  const tokens: Token[] = [];
  const filter: AlertFilter = {};
  const words: string[] = [];
  let state: State | undefined;
  const text = query.slice(0, MOST_CHARACTERS);
  for (const match of text.matchAll(TOKEN)) {
    const [raw, minus, field, operator, value] = match;
    const token: Token = {
      start: match.index,
      end: match.index + raw.length,
      raw,
      field: field?.toLowerCase() ?? "",
      operator: (operator ?? "") as Token["operator"],
      value: unquote(value ?? raw),
    };
    const isStatus = token.field === "status" && minus === "";
    const problem = isStatus
      ? status(token, query)
      : field
        ? apply(token, minus === "-", filter, query)
        : word(token, words, query);
    if (isStatus && !problem) state ??= token.value.toLowerCase() as State;
    if (problem) token.problem = problem;
    tokens.push(token);
  }
  if (words.length > 0) filter.text = words.join(" ");
  const problems = tokens.flatMap((t) =>
    t.problem ? [{ start: t.start, end: t.end, problem: t.problem }] : [],
  );
  if (query.length > MOST_CHARACTERS) {
    problems.push({
      start: MOST_CHARACTERS,
      end: query.length,
      problem: {
        message: `A query holds ${MOST_CHARACTERS.toLocaleString("en")} characters at most. The rest is ignored.`,
      },
    });
  }
  return { tokens, filter: { ...filter, ...triageOf(state ?? "open") }, state: state ?? "open", problems };
}

/** A state as the API filters by it. Whose “mine” is only the page knows. */
function triageOf(state: State): AlertFilter {
  switch (state) {
    case "all":
      return {};
    case "open":
    case "mine":
      return { states: ["new", "assigned"] };
    case "unassigned":
      return { states: ["new"] };
    case "decided":
      return { states: ["closed"] };
    case "true":
      return { verdicts: ["true_positive"] };
    case "false":
      return { verdicts: ["false_positive"] };
    case "benign":
      return { verdicts: ["benign"] };
  }
}

function word(token: Token, words: string[], query: string): QueryProblem | null {
  if (/^(or|and|not)$/i.test(token.raw)) {
    return {
      message: `“${token.raw}” is not supported yet: all parts must hold. Remove it.`,
      fix: { label: `Remove ${token.raw}`, query: without(query, token) },
    };
  }
  words.push(token.value);
  return null;
}

function apply(token: Token, negative: boolean, filter: AlertFilter, query: string): QueryProblem | null {
  const remove = { label: "Remove", query: without(query, token) };
  if (negative) {
    return {
      message: `Excluding (${token.raw}) is not supported yet, so it filters nothing. Remove it.`,
      fix: remove,
    };
  }
  if (token.field === "level") token.field = "severity";
  if (token.field === "severity") return severity(token, filter, query);
  const key = SINGLE[token.field];
  if (!key) return unknownField(token, query);
  if (token.operator !== ":") {
    return {
      message: `${token.field} takes “:” only, not “${token.operator}”.`,
      fix: {
        label: `Use ${token.field}:`,
        query: replaced(query, token, `${token.field}:${quote(token.value)}`),
      },
    };
  }
  if (!token.value)
    return { message: `${token.field}: needs a value, like ${token.field}:${EXAMPLE[token.field]}.` };
  if (/^\(.*\)$/.test(token.value) || /[*]/.test(token.value)) {
    return { message: `${token.field} takes one exact value for now, no list and no “*”.`, fix: remove };
  }
  if (filter[key] !== undefined) {
    return { message: `${token.field} is given twice; the first one counts.`, fix: remove };
  }
  filter[key] = key === "techniqueId" ? token.value.toUpperCase() : token.value;
  return null;
}

function status(token: Token, query: string): QueryProblem | null {
  const names: string[] = STATES.map(([name]) => name);
  if (token.operator === ":" && names.includes(token.value.toLowerCase())) return null;
  const near = nearest(token.value.toLowerCase(), names);
  return {
    message: `No status “${token.value}”. There are ${names.join(", ")}.`,
    fix: { label: `Use ${near}`, query: replaced(query, token, `status:${near}`) },
  };
}

const EXAMPLE: Record<string, string> = {
  host: "fin-wks-0142",
  user: "a.moreau",
  rule: "6f2c1a9e-7c55-4b0e-9a41-2d1f0c9b7e42",
  technique: "T1059.001",
};

function severity(token: Token, filter: AlertFilter, query: string): QueryProblem | null {
  const wanted = token.value
    .toLowerCase()
    .replace(/^info$/, "informational")
    .replace(/^crit$/, "critical");
  const rank = LEVELS.indexOf(wanted as Level);
  if (rank < 0) {
    const near = nearest(wanted, [...LEVELS]);
    return {
      message: `No severity “${token.value}”. There are ${LEVELS.join(", ")}.`,
      fix: { label: `Use ${near}`, query: replaced(query, token, `severity${token.operator}${near}`) },
    };
  }
  const chosen = LEVELS.filter((_, at) => {
    if (token.operator === ":>=") return at <= rank;
    if (token.operator === ":>") return at < rank;
    if (token.operator === ":<=") return at >= rank;
    if (token.operator === ":<") return at > rank;
    return at === rank;
  });
  const before = filter.levels;
  const both = before ? before.filter((l) => chosen.includes(l)) : chosen;
  if (both.length === 0) {
    return {
      message: `Nothing is ${token.raw.replace("severity:", "")} here, so no alert can match.`,
      fix: { label: "Remove", query: without(query, token) },
    };
  }
  filter.levels = both;
  return null;
}

function unknownField(token: Token, query: string): QueryProblem {
  const near = nearest(token.field, FIELDS);
  return {
    message: `No field “${token.field}”. Use ${near}, or one of ${FIELDS.filter((f) => f !== near).join(", ")}.`,
    fix: { label: `Use ${near}`, query: replaced(query, token, `${near}:${quote(token.value)}`) },
  };
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1");
}

/** A value as a query writes it: in quotes where it holds spaces or quotes. */
export function quote(value: string): string {
  return /[\s"()]/.test(value) || value === "" ? `"${value.replace(/(["\\])/g, "\\$1")}"` : value;
}

export function without(query: string, token: Pick<Token, "start" | "end">): string {
  return `${query.slice(0, token.start).trimEnd()} ${query.slice(token.end).trimStart()}`.trim();
}

function replaced(query: string, token: Token, text: string): string {
  return query.slice(0, token.start) + text + query.slice(token.end);
}

/** The query with `field:value` set, replacing what it said of that field. */
export function withField(query: string, field: string, value: string): string {
  const others = parseQuery(query).tokens.filter((token) => token.field !== field);
  return [...others.map((token) => token.raw), `${field}:${quote(value)}`].join(" ");
}

function nearest(word: string, choices: string[]): string {
  const distance = (a: string, b: string) => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
        next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
      }
      row = next;
    }
    return row[b.length] ?? 0;
  };
  const [best = ""] = [...choices].sort((a, b) => distance(word, a) - distance(word, b));
  return best;
}

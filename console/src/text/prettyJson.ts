import type { MatchedField } from "../api/wire";
import type { Range } from "./hostile";
import { matchedPart } from "./matchedPart";

/**
 * JSON laid out for reading, with its tokens as received: numbers keep their digits and strings
 * their escapes, which JSON.parse would lose.
 */
export interface JsonLine {
  indent: number;
  /** The key token with its quotes; empty in arrays and for closing brackets. */
  key: string;
  /** A scalar's token, or the bracket. */
  value: string;
  kind: "string" | "number" | "word" | "bracket";
  comma: boolean;
  marks: Range[];
  /** Names of the selections whose conditions held for it. */
  selections: string[];
}

const MOST_DEPTH = 32;
const CHARACTERS = String.raw`[^"\\\u0000-\u001f]*`;
const ESCAPE = String.raw`\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})`;
const STRING = `"${CHARACTERS}(?:${ESCAPE}${CHARACTERS})*"`;
const NUMBER = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const TOKEN = new RegExp(String.raw`[ \t\r\n]*(${STRING}|${NUMBER}|true|false|null|[{}[\],:])`, "y");

/** The lines, or null when `text` is not one JSON value. */
export function prettyJson(text: string, matches: readonly MatchedField[] = []): JsonLine[] | null {
  const reader = new Reader(text, matches);
  try {
    reader.value(0, "", "");
    reader.end();
  } catch (problem) {
    if (problem instanceof NotJson) return null;
    throw problem;
  }
  return reader.lines;
}

class NotJson extends Error {}

class Reader {
  readonly lines: JsonLine[] = [];
  private at = 0;
  private readonly text: string;
  private readonly matches: readonly MatchedField[];

  constructor(text: string, matches: readonly MatchedField[]) {
    this.text = text;
    this.matches = matches;
  }

  value(indent: number, key: string, name: string) {
    const token = this.next();
    if (token === "{" || token === "[") this.container(token, indent, key, name);
    else if (/^[}\],:]$/.test(token)) throw new NotJson();
    else this.scalar(token, indent, key, name);
  }

  end() {
    if (this.text.slice(this.at).trim() !== "") throw new NotJson();
  }

  private container(open: string, indent: number, key: string, name: string) {
    if (indent >= MOST_DEPTH) throw new NotJson();
    const close = open === "{" ? "}" : "]";
    const first = this.lines.length;
    this.push(indent, key, open, "bracket");
    if (this.peek() === close) {
      this.next();
      const line = this.lines[first];
      if (line) line.value = open + close;
      return;
    }
    for (;;) {
      if (open === "{") this.member(indent + 1);
      else this.value(indent + 1, "", name);
      const separator = this.next();
      if (separator === close) break;
      if (separator !== ",") throw new NotJson();
      const last = this.lines.at(-1);
      if (last) last.comma = true;
    }
    this.push(indent, "", close, "bracket");
  }

  private member(indent: number) {
    const key = this.next();
    if (!key.startsWith('"') || this.next() !== ":") throw new NotJson();
    this.value(indent, key, decode(key));
  }

  private scalar(token: string, indent: number, key: string, name: string) {
    const kind = token.startsWith('"') ? "string" : /^[A-Za-z]/.test(token) ? "word" : "number";
    const line = this.push(indent, key, token, kind);
    const matches = matchesOf(token, name, this.matches);
    line.marks = marksOf(token, matches);
    line.selections = [...new Set(matches.map((match) => match.selection).filter(Boolean))];
  }

  private push(indent: number, key: string, value: string, kind: JsonLine["kind"]): JsonLine {
    const line: JsonLine = { indent, key, value, kind, comma: false, marks: [], selections: [] };
    this.lines.push(line);
    return line;
  }

  private peek(): string {
    const before = this.at;
    const token = this.next();
    this.at = before;
    return token;
  }

  private next(): string {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (!match?.[1]) throw new NotJson();
    this.at = TOKEN.lastIndex;
    return match[1];
  }
}

function decode(token: string): string {
  try {
    return JSON.parse(token);
  } catch {
    throw new NotJson();
  }
}

/** The conditions that a scalar fulfilled, by the field's last name and its value. */
function matchesOf(token: string, name: string, matches: readonly MatchedField[]): MatchedField[] {
  if (matches.length === 0) return [];
  const value = token.startsWith('"') ? decode(token) : token;
  return matches.filter(
    (match) => match.value === value && (match.field === "" || sameField(match.field, name)),
  );
}

/** Which part of a scalar's token the rule matched. */
function marksOf(token: string, matches: readonly MatchedField[]): Range[] {
  const quoted = token.startsWith('"');
  const value = quoted ? decode(token) : token;
  const ranges = matches.flatMap((match) => matchedPart(value, match));
  if (!quoted || ranges.length === 0) return ranges;
  const offsets = tokenOffsets(token);
  return ranges.map(([start, end]) => [offsets[start] ?? 1, offsets[end] ?? token.length - 1]);
}

/** Sigma's name against a key: spaces and case do not count, and a path ends in the key. */
function sameField(field: string, key: string): boolean {
  const plain = (text: string) => text.replace(/[\s_-]/g, "").toLowerCase();
  const wanted = plain(field);
  const found = plain(key);
  return wanted === found || wanted.endsWith(`.${found}`);
}

/** For each UTF-16 unit of the decoded string (and its end) the offset in the token. */
function tokenOffsets(token: string): number[] {
  const offsets: number[] = [];
  let at = 1;
  while (at < token.length - 1) {
    offsets.push(at);
    if (token[at] !== "\\") at += 1;
    else at += token[at + 1] === "u" ? 6 : 2;
  }
  offsets.push(token.length - 1);
  return offsets;
}

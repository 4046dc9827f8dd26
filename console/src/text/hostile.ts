/**
 * Untrusted text, cut into what may be shown as it is and characters that would hide, reorder or
 * pretend: controls, bidi marks, zero-width, tag, variation and private-use characters, lone
 * surrogates. Those are shown by their number.
 */
export type Segment =
  | { kind: "text"; text: string; marked: boolean }
  | { kind: "hidden"; code: string; name: string; marked: boolean };

/** Half-open range of UTF-16 offsets. */
export type Range = readonly [start: number, end: number];

/** Characters of a value that are shown at most. */
export const SHOWN_CHARACTERS = 4096;

const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Cuts `text` at hidden characters and at the borders of `marks`, which need not be sorted. */
export function segments(text: string, marks: readonly Range[] = [], multiline = false): Segment[] {
  const result: Segment[] = [];
  for (const [start, end, marked] of spans(text.length, marks)) {
    cut(text.slice(start, end), marked, multiline, result);
  }
  return result;
}

function cut(text: string, marked: boolean, multiline: boolean, into: Segment[]) {
  let shown = 0;
  const push = (end: number) => {
    if (end > shown) into.push({ kind: "text", text: text.slice(shown, end), marked });
  };
  for (const match of text.matchAll(HIDDEN)) {
    const character = match[0];
    if (multiline && (character === "\n" || character === "\t")) continue;
    push(match.index);
    const codePoint = character.codePointAt(0) ?? 0;
    into.push({ kind: "hidden", code: codeOf(codePoint), name: nameOf(codePoint), marked });
    shown = match.index + character.length;
  }
  push(text.length);
}

function* spans(length: number, marks: readonly Range[]): Generator<[number, number, boolean]> {
  let at = 0;
  for (const [start, end] of merged(marks)) {
    const from = Math.max(at, start);
    const to = Math.min(end, length);
    if (to <= from) continue;
    if (from > at) yield [at, from, false];
    yield [from, to, true];
    at = to;
  }
  if (at < length) yield [at, length, false];
}

function merged(marks: readonly Range[]): Range[] {
  const sorted = marks.filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** How many hidden characters `text` holds. Line breaks and tabs do not count. */
export function hiddenCount(text: string): number {
  let count = 0;
  for (const match of text.matchAll(HIDDEN)) if (!"\n\r\t".includes(match[0])) count++;
  return count;
}

const codeOf = (codePoint: number) => `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;

const NAMES: Record<number, string> = {
  0: "null",
  7: "bell",
  8: "backspace",
  9: "tab",
  10: "line feed",
  13: "carriage return",
  27: "escape",
  173: "soft hyphen",
  1564: "Arabic letter mark",
  8203: "zero-width space",
  8204: "zero-width non-joiner",
  8205: "zero-width joiner",
  8206: "left-to-right mark",
  8207: "right-to-left mark",
  8232: "line separator",
  8233: "paragraph separator",
  8234: "left-to-right embedding",
  8235: "right-to-left embedding",
  8236: "pop directional formatting",
  8237: "left-to-right override",
  8238: "right-to-left override",
  8288: "word joiner",
  8294: "left-to-right isolate",
  8295: "right-to-left isolate",
  8296: "first strong isolate",
  8297: "pop directional isolate",
  65279: "byte order mark",
};

function nameOf(codePoint: number): string {
  const name = NAMES[codePoint];
  if (name) return name;
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0x9f)) return "control character";
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return "lone surrogate";
  if (codePoint >= 0xfe00 && codePoint <= 0xfe0f) return "variation selector";
  if (codePoint >= 0xe0100 && codePoint <= 0xe01ef) return "variation selector";
  if (codePoint >= 0xe0000 && codePoint <= 0xe0fff) return "tag character";
  if (codePoint >= 0xe000) return "private-use character";
  return "invisible character";
}

const SCRIPTS: [string, RegExp][] = [
  ["Latin", /\p{Script=Latin}/u],
  ["Cyrillic", /\p{Script=Cyrillic}/u],
  ["Greek", /\p{Script=Greek}/u],
  ["Armenian", /\p{Script=Armenian}/u],
  ["Cherokee", /\p{Script=Cherokee}/u],
];

/** Names of the look-alike scripts that one name mixes, or none. `раypal` mixes Latin and Cyrillic. */
export function mixedScripts(name: string): string[] {
  const found = SCRIPTS.filter(([, pattern]) => pattern.test(name)).map(([script]) => script);
  return found.length > 1 ? found : [];
}

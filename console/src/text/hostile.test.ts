import { expect, test } from "vitest";
import { hiddenCount, mixedScripts, segments } from "./hostile";

const codes = (text: string, multiline = false) =>
  segments(text, [], multiline).flatMap((s) => (s.kind === "hidden" ? [s.code] : []));
const texts = (text: string) => segments(text).flatMap((s) => (s.kind === "text" ? [s.text] : []));

test("plain text, also of other scripts and emoji, stays as it is", () => {
  for (const text of ["whoami /all", "Grüße", "日本語", "مرحبا", "👩", "a b"]) {
    expect(segments(text)).toEqual([{ kind: "text", text, marked: false }]);
  }
});

test.each([
  ["right-to-left override", "\u202e", "U+202E"],
  ["isolate", "\u2066", "U+2066"],
  ["zero-width space", "\u200b", "U+200B"],
  ["joiner", "\u200d", "U+200D"],
  ["word joiner", "\u2060", "U+2060"],
  ["byte order mark", "\ufeff", "U+FEFF"],
  ["soft hyphen", "\u00ad", "U+00AD"],
  ["null", "\0", "U+0000"],
  ["escape", "\u001b", "U+001B"],
  ["C1 control", "\u009b", "U+009B"],
  ["line separator", "\u2028", "U+2028"],
  ["tag", "\u{e0041}", "U+E0041"],
  ["variation selector", "\ufe0f", "U+FE0F"],
  ["variation selector supplement", "\u{e0100}", "U+E0100"],
  ["private use", "\ue000", "U+E000"],
  ["plane 15", "\u{f0000}", "U+F0000"],
  ["Hangul filler", "\u3164", "U+3164"],
  ["lone surrogate", "\ud800", "U+D800"],
  ["noncharacter", "\ufffe", "U+FFFE"],
])("%s is shown by its number", (_, character, code) => {
  expect(codes(`a${character}b`)).toEqual([code]);
  expect(texts(`a${character}b`)).toEqual(["a", "b"]);
});

test("nothing is lost: text and hidden characters give the input back", () => {
  const text = "x\u202e<y>\u0000\ud83d\ude00\ud800z\n";
  const back = segments(text)
    .map((s) => (s.kind === "text" ? s.text : String.fromCodePoint(Number.parseInt(s.code.slice(2), 16))))
    .join("");
  expect(back).toBe(text);
});

test("line breaks act as such only where lines are expected", () => {
  expect(codes("a\nb\tc")).toEqual(["U+000A", "U+0009"]);
  expect(codes("a\nb\tc", true)).toEqual([]);
});

test("marks are cut at hidden characters, merged, and bounded by the text", () => {
  expect(
    segments("abcdef", [
      [3, 99],
      [1, 2],
      [1, 4],
    ]),
  ).toEqual([
    { kind: "text", text: "a", marked: false },
    { kind: "text", text: "bcdef", marked: true },
  ]);
  expect(segments("a\u202eb", [[0, 2]]).map((s) => s.marked)).toEqual([true, true, false]);
});

test("the copy warning does not count line breaks", () => {
  expect(hiddenCount("a\r\n\tb")).toBe(0);
  expect(hiddenCount("a\u200b\u202e")).toBe(2);
});

test("names that mix look-alike scripts are told", () => {
  expect(mixedScripts("p\u0430ypal-dc01")).toEqual(["Latin", "Cyrillic"]);
  expect(mixedScripts("fin-wks-0142")).toEqual([]);
  expect(mixedScripts("сервер-01")).toEqual([]);
});

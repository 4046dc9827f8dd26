import { expect, test } from "vitest";
import type { MatchedField } from "../api/wire";
import { type JsonLine, prettyJson } from "./prettyJson";

const match = (field: string, value: string, operator: string, pattern: string): MatchedField => ({
  field,
  value,
  operator,
  pattern,
  selection: "selection",
});
const text = (lines: JsonLine[] | null) =>
  (lines ?? [])
    .map((l) => `${"  ".repeat(l.indent)}${l.key ? `${l.key}: ` : ""}${l.value}${l.comma ? "," : ""}`)
    .join("\n");
const marked = (lines: JsonLine[] | null) =>
  (lines ?? []).flatMap((l) => l.marks.map(([start, end]) => `${l.key} ${l.value.slice(start, end)}`));

test("lays out like JSON.stringify", () => {
  const value = { a: 1, b: [true, null, "x", [], {}], c: { d: "e" } };
  expect(text(prettyJson(JSON.stringify(value)))).toBe(JSON.stringify(value, null, 2));
});

test("tokens stay as received", () => {
  expect(text(prettyJson('{"n":9007199254740993,"f":1.50,"s":"a\\u0041\\/"}'))).toBe(
    '{\n  "n": 9007199254740993,\n  "f": 1.50,\n  "s": "a\\u0041\\/"\n}',
  );
});

test("the matched part is found behind escapes", () => {
  const lines = prettyJson('{"Event":{"EventData":{"Image":"C:\\\\Windows\\\\cmd.exe"}}}', [
    match("Image", "C:\\Windows\\cmd.exe", "endswith", "\\cmd.exe"),
  ]);
  expect(marked(lines)).toEqual(['"Image" \\\\cmd.exe']);
});

test("numbers match, other fields of the same value do not", () => {
  const lines = prettyJson('{"EventID":1,"Level":1}', [match("EventID", "1", "equals", "1")]);
  expect(marked(lines)).toEqual(['"EventID" 1']);
});

test("names match over spaces and paths, keywords anywhere", () => {
  expect(marked(prettyJson('{"Source Name":"x"}', [match("SourceName", "x", "equals", "x")]))).toHaveLength(
    1,
  );
  expect(
    marked(prettyJson('{"userIdentity":{"arn":"a"}}', [match("userIdentity.arn", "a", "equals", "a")])),
  ).toHaveLength(1);
  expect(marked(prettyJson('{"any":"say x"}', [match("", "say x", "keyword", "x")]))).toEqual(['"any" x']);
});

test.each(["", "{", '{"a":1}{"b":2}', "[1,]", '{"a" 1}', "{'a':1}", '{"a":"\\x"}', "]", '{"a":1} x'])(
  "%s is not JSON",
  (broken) => {
    expect(prettyJson(broken)).toBeNull();
  },
);

test("too deep is not laid out, and does not overflow the stack", () => {
  expect(prettyJson(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toBeNull();
});

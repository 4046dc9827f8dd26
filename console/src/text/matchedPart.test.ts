import { expect, test } from "vitest";
import { excerpt, withoutMiddle } from "./excerpt";
import { matchedPart, operatorWords } from "./matchedPart";

const part = (value: string, operator: string, pattern: string) =>
  matchedPart(value, { operator, pattern }).map(([start, end]) => value.slice(start, end));

test.each([
  ["contains", " -enc ", "powershell -nop -ENC SQBF", [" -ENC "]],
  ["endswith", "\\cmd.exe", "C:\\Windows\\CMD.EXE", ["\\CMD.EXE"]],
  ["startswith", "hkcu\\", "HKCU\\Software", ["HKCU\\"]],
  ["equals", "4688", "4688", ["4688"]],
  ["contains", "del*shadow", "vssadmin delete shadows", ["del", "shadow"]],
  ["equals", "*\\a?.exe", "C:\\ab.exe", ["\\a", ".exe"]],
  ["contains", "a\\*b", "xa*by", ["a*b"]],
  ["contains|all", "x", "axb", ["x"]],
  ["re", "^(a+)+$", "aaaa", ["aaaa"]],
  ["cidr", "10.0.0.0/8", "10.1.2.3", ["10.1.2.3"]],
  ["contains", "not there", "the value", ["the value"]],
  ["contains", " -enc ", "powershell /ENC SQBF", [" /ENC "]],
  ["neq", "x", "y", []],
  ["endswith|neq", "x", "y", []],
  ["keyword", "mimikatz", "…Mimikatz…", ["Mimikatz"]],
])("%s %s marks its place", (operator, pattern, value, marked) => {
  expect(part(value, operator, pattern)).toEqual(marked);
});

test("null and exists have no place to mark", () => {
  expect(part("", "null", "")).toEqual([]);
  expect(part("x", "exists", "true")).toEqual([]);
});

test("folding never moves offsets: İ is two characters in lower case", () => {
  expect(part("İİ-enc", "contains", "-ENC")).toEqual(["-enc"]);
});

test("operators have words, unknown ones their own name", () => {
  expect(operatorWords("endswith")).toBe("ends with");
  expect(operatorWords("")).toBe("is");
  expect(operatorWords("neq")).toBe("is not");
  expect(operatorWords("endswith|neq")).toBe("does not end with");
  expect(operatorWords("sounds_like")).toBe("sounds_like");
});

test("a long value is cut around its match", () => {
  const value = `${"a".repeat(500)}NEEDLE${"b".repeat(500)}`;
  const shown = excerpt(value, [[500, 506]], 160);
  const [mark = [0, 0]] = shown.marks;
  expect(shown.text.slice(mark[0], mark[1])).toBe("NEEDLE");
  expect(shown.text.length).toBe(162);
  expect(excerpt("short", [[0, 5]], 160)).toEqual({ text: "short", marks: [[0, 5]] });
});

test("shortening the middle moves the marks behind it", () => {
  const text = `-enc ${"Q".repeat(100)} tail`;
  const shown = withoutMiddle(
    text,
    [
      [0, 4],
      [106, 110],
    ],
    [5, 105],
    10,
  );
  expect(shown.text).toBe(`-enc ${"Q".repeat(10)}… tail`);
  expect(shown.marks.map(([a, b]) => shown.text.slice(a, b))).toEqual(["-enc", "tail"]);
});

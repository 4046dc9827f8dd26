import { expect, test } from "vitest";
import { parseQuery, quote, withField, without } from "./parseQuery";

/** Without what is asked of triage, which every query asks something of. */
const filter = (query: string) => {
  const { states: _states, verdicts: _verdicts, ...rest } = parseQuery(query).filter;
  return rest;
};
const problem = (query: string) => parseQuery(query).problems[0]?.problem;

test("fields, words and quotes", () => {
  expect(filter('host:dc-01 user:"a moreau" technique:t1059 rule:abc mimi katz')).toEqual({
    host: "dc-01",
    user: "a moreau",
    techniqueId: "T1059",
    ruleId: "abc",
    text: "mimi katz",
  });
  expect(filter('"two words"')).toEqual({ text: "two words" });
  expect(filter("")).toEqual({});
});

test.each([
  ["severity:high", ["high"]],
  ["severity:>=high", ["critical", "high"]],
  ["severity:>high", ["critical"]],
  ["severity:<=low", ["low", "informational"]],
  ["level:<low", ["informational"]],
  ["severity:>=medium severity:<=high", ["high", "medium"]],
  ["severity:info", ["informational"]],
])("%s", (query, levels) => {
  expect(filter(query).levels).toEqual(levels);
});

test.each([
  ["hst:x", "No field “hst”. Use host, or one of severity, status, user, rule, technique.", "host:x"],
  [
    "severity:hihg",
    "No severity “hihg”. There are critical, high, medium, low, informational.",
    "severity:high",
  ],
  ["-host:x rest", "Excluding (-host:x) is not supported yet, so it filters nothing. Remove it.", "rest"],
  ["host:>5", "host takes “:” only, not “:>”.", "host:5"],
  ["host:a host:b", "host is given twice; the first one counts.", "host:a"],
  ["a or b", "“or” is not supported yet: all parts must hold. Remove it.", "a b"],
  ["host:inv*", "host takes one exact value for now, no list and no “*”.", ""],
])("%s says what is wrong and what to do", (query, message, fixed) => {
  expect(problem(query)?.message).toBe(message);
  expect(problem(query)?.fix?.query).toBe(fixed);
});

test.each([
  ["", { states: ["new", "assigned"] }],
  ["status:all", {}],
  ["status:decided", { states: ["closed"] }],
  ["status:unassigned", { states: ["new"] }],
  ["status:false", { verdicts: ["false_positive"] }],
])("%s is a filter of the server", (query, expected) => {
  expect(parseQuery(query).filter).toEqual(expected);
});

test("an empty value and contradicting levels are problems", () => {
  expect(problem("host:")?.message).toContain("needs a value");
  expect(problem("severity:high severity:low")?.message).toContain("no alert can match");
});

test("problems carry their place", () => {
  expect(parseQuery("host:a hst:b").problems).toMatchObject([{ start: 7, end: 12 }]);
});

test("a query over 2,000 characters says so", () => {
  expect(problem("x".repeat(2001))?.message).toContain("2,000 characters");
});

test("any text can be quoted and comes back", () => {
  for (const text of ["a b", 'say "hi"', "back\\slash x", "(x)", "plain", ""]) {
    expect(parseQuery(`user:${quote(text)}`).tokens[0]?.value).toBe(text);
  }
});

test("setting a field replaces it and keeps the rest", () => {
  expect(withField("host:a word", "host", "b c")).toBe('word host:"b c"');
  const parsed = parseQuery("a host:b c");
  const token = parsed.tokens[1];
  expect(token && without("a host:b c", token)).toBe("a c");
});

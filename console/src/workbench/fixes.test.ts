import { expect, it } from "vitest";
import { fixOf, wordAt } from "./fixes";

it("takes the word that a remedy names, and no advice for a word", () => {
  const fix = (remedy: string) => fixOf({ remedy });
  expect(fix("did you mean 'contains'?")).toBe("contains");
  expect(fix("did you mean contains?")).toBe("contains");
  expect(fix("Use CommandLine.")).toBe("CommandLine");
  expect(fix("use it, or drop it")).toBeNull();
  expect(fix("did you mean type: value_count?")).toBeNull();
  expect(fix("use a random UUID")).toBeNull();
  expect(fix("")).toBeNull();
});

it("finds the word that a diagnostic points at", () => {
  const at = (line: string, column: number) => line.slice(...wordAt(line, column));
  expect(at("    CommandLine|containz: ' -enc '", 17)).toBe("containz");
  expect(at("    CommandLin|contains: x", 5)).toBe("CommandLin");
  expect(at("level: 'hihg'", 8)).toBe("hihg");
  expect(at("short", 99)).toBe("");
});

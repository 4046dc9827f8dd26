import { describe, expect, it } from "vitest";
import { counted, diffLines, hunks, sideBySide } from "./diff";

const text = (...lines: string[]) => `${lines.join("\n")}\n`;
const show = (before: string, after: string) =>
  diffLines(before, after).map((line) => ({ same: " ", removed: "-", added: "+" })[line.kind] + line.text);

describe("the difference of two texts", () => {
  it("is empty for equal texts, and all of one for an empty other", () => {
    expect(show("", "")).toEqual([]);
    expect(show(text("a", "b"), text("a", "b"))).toEqual([" a", " b"]);
    expect(show("", text("a"))).toEqual(["+a"]);
    expect(show(text("a"), "")).toEqual(["-a"]);
  });
  it("is the shortest way, removals before what takes their place", () => {
    expect(show(text("a", "b", "c", "a", "b", "b", "a"), text("c", "b", "a", "b", "a", "c"))).toHaveLength(9);
    expect(
      show(text("title: x", "level: low", "end"), text("title: x", "level: high", "more", "end")),
    ).toEqual([" title: x", "-level: low", "+level: high", "+more", " end"]);
  });
  it("numbers the lines of both texts", () => {
    const [, removed, added] = diffLines(text("a", "b"), text("a", "c"));
    expect(removed).toMatchObject({ kind: "removed", before: 2, after: undefined });
    expect(added).toMatchObject({ kind: "added", before: undefined, after: 2 });
  });
  it("gives each text back from any two random ones", () => {
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let n = 0; n < 300; n++) {
      const any = () => Array.from({ length: random(14) }, () => "abc".charAt(random(3)));
      const [a, b] = [any(), any()];
      const lines = diffLines(a.join("\n"), b.join("\n"));
      expect(lines.filter((each) => each.kind !== "added").map((each) => each.text)).toEqual(a);
      expect(lines.filter((each) => each.kind !== "removed").map((each) => each.text)).toEqual(b);
      expect(lines.filter((each) => each.kind === "same").length).toBe(longestCommon(a, b));
    }
  });
  it("stays within bounds for texts that share nothing", () => {
    const a = Array.from({ length: 3000 }, (_, i) => `a${i}`);
    const b = Array.from({ length: 3000 }, (_, i) => `b${i}`);
    expect(counted(diffLines(a.join("\n"), b.join("\n")))).toEqual({ added: 3000, removed: 3000 });
  });
});

/** Plain dynamic programming, to hold the fast way against. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const get = (i: number, j: number) => table[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const row = table[i];
      if (row)
        row[j] = a[i - 1] === b[j - 1] ? get(i - 1, j - 1) + 1 : Math.max(get(i - 1, j), get(i, j - 1));
    }
  }
  return get(a.length, b.length);
}

describe("hunks", () => {
  const before = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
  const after = before.with(14, "changed");
  it("keep three lines around a change and count what they leave out", () => {
    const shown = hunks(diffLines(before.join("\n"), after.join("\n")));
    expect(shown[0]).toEqual({ kind: "skipped", lines: 11, before: 1 });
    expect(shown.at(-1)).toEqual({ kind: "skipped", lines: 12, before: 19 });
    expect(shown).toHaveLength(2 + 3 + 2 + 3);
  });
  it("pair what went with what came", () => {
    const pairs = sideBySide(diffLines("a\nb\nc", "a\nx\ny\nc"));
    expect(
      pairs.map((each) =>
        each.kind === "skipped" ? "…" : `${each.left?.text ?? ""}|${each.right?.text ?? ""}`,
      ),
    ).toEqual(["a|a", "b|x", "|y", "c|c"]);
  });
});

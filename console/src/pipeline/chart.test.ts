import { describe, expect, it } from "vitest";
import { niceTop, path } from "./LineChart";

const x = (ms: number) => ms;
const y = (value: number) => -value;

describe("a line", () => {
  it("joins what was measured one after the other", () => {
    expect(path([0, 1, 2], [5, 6, 7], x, y)).toBe("M0.0 -5.0L1.0 -6.0L2.0 -7.0");
  });
  it("leaves a gap where nothing was measured, and is not drawn through zero", () => {
    expect(path([0, 1, 2, 3], [5, undefined, 7, 8], x, y)).toBe("M0.0 -5.0M2.0 -7.0L3.0 -8.0");
  });
  it("leaves a gap where samples are missing", () => {
    expect(path([0, 1, 2, 30, 31], [1, 1, 1, 1, 1], x, y)).toBe(
      "M0.0 -1.0L1.0 -1.0L2.0 -1.0M30.0 -1.0L31.0 -1.0",
    );
  });
});

it("scales end at 1, 2 or 5 times a power of ten", () => {
  expect([0, 0.3, 1, 3, 42, 51_000].map(niceTop)).toEqual([1, 0.5, 1, 5, 50, 100_000]);
});

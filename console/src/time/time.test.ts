import { expect, test } from "vitest";
import { clockMillis, dayTime, delay, duration, full, offset, zoneLabel } from "./format";
import { bounds, parseRange } from "./range";

const MS = Date.UTC(2026, 10, 20, 14, 31, 52, 418);

test("clocks in UTC", () => {
  expect(full(MS, "utc")).toBe("2026-11-20 14:31:52.418 UTC");
  expect(clockMillis(MS, "utc")).toBe("14:31:52.418");
  expect(dayTime(MS, "utc", MS)).toBe("20 Nov 14:31 UTC");
  expect(dayTime(MS, "utc", MS + 90 * 86400e3)).toBe("20 Nov 2026 14:31 UTC");
  expect(full(0, "utc")).toBe("unknown");
});

test("local time is labelled with its offset of that day", () => {
  const label = zoneLabel(MS, "local");
  expect(label).toMatch(/^UTC([+-]\d\d:\d\d)?$/);
  expect(full(MS, "local")).toContain(label);
});

test.each([
  [14_000, "14 s"],
  [120_000, "2 m"],
  [6_600_000, "1 h 50"],
  [3_600_000, "1 h"],
  [20 * 3600e3, "20 h"],
  [3 * 86400e3, "3 d"],
  [1900 * 86400e3, "5 y"],
  [-5, "0 s"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("delays and offsets", () => {
  expect(delay(0)).toBe("0 s");
  expect(delay(20)).toBe("20 ms");
  expect(delay(840)).toBe("0.8 s");
  expect(delay(95_000)).toBe("1 m");
  expect(offset(-12_316)).toBe("-12 s");
  expect(offset(2589)).toBe("+3 s");
  expect(offset(10)).toBe("0");
});

test("ranges as typed", () => {
  expect(parseRange("15m")).toEqual({ from: "now-15m", to: "" });
  expect(parseRange("now-2d")).toEqual({ from: "now-2d", to: "" });
  expect(parseRange("all")).toEqual({ from: "all", to: "" });
  const from = String(Date.UTC(2026, 10, 20, 14));
  expect(parseRange("2026-11-20 14:00/15:00")).toEqual({ from, to: String(Date.UTC(2026, 10, 20, 15)) });
  expect(parseRange("2026-11-20 14:00")).toEqual({ from, to: "" });
  expect(parseRange("2026-11-20")).toEqual({
    from: String(Date.UTC(2026, 10, 20)),
    to: String(Date.UTC(2026, 10, 21)),
  });
});

test.each(["", "yesterday", "2026-13-40", "2026-11-20 14:00/13:00", "2026-11-20 14:00/x"])(
  "“%s” says what to type",
  (text) => {
    expect(parseRange(text)).toHaveProperty("problem");
  },
);

test("bounds", () => {
  expect(bounds({ from: "now-1h", to: "" }, MS)).toEqual({ fromMs: MS - 3600e3 });
  expect(bounds({ from: "1000", to: "2000" }, MS)).toEqual({ fromMs: 1000, toMs: 2000 });
  expect(bounds({ from: "all", to: "" }, MS)).toEqual({});
  expect(bounds({ from: "<script>", to: "x" }, MS)).toEqual({});
});

import { describe, expect, it } from "vitest";
import { found } from "./AdminList";
import { entriesOf, problemsOf } from "./entries";
import { quotaOf, quotaText } from "./quotas";
import { newPassword } from "./roles";
import { hoursOf, waysOf } from "./usageSums";

describe("value lists as lines", () => {
  it("leaves out blanks, repeats and spaces around", () => {
    expect(entriesOf(" ws-01 \r\n\n ws-02\nws-01\n\t\n")).toEqual(["ws-01", "ws-02"]);
    expect(entriesOf("")).toEqual([]);
  });

  it("keeps spaces within a value", () => {
    expect(entriesOf("C:\\Program Files\\a b")).toEqual(["C:\\Program Files\\a b"]);
  });

  it("says which line is too long or holds what PostgreSQL cannot keep", () => {
    expect(problemsOf(`ok\n${"a".repeat(1001)}\nb\0c`)).toEqual([
      "Line 2 has more than 1,000 characters.",
      "Line 3 holds a NUL character.",
    ]);
    expect(problemsOf(`${"a".repeat(1000)}\n`)).toEqual([]);
  });

  it("counts the values, not the lines", () => {
    const many = Array.from({ length: 100_001 }, (_, i) => `v${i}`);
    expect(problemsOf(many.join("\n"))).toEqual(["A list takes 100,000 values; these are 100,001."]);
    expect(problemsOf([...many.slice(1), "v1"].join("\n"))).toEqual([]);
  });
});

describe("quotas", () => {
  it("keeps unlimited apart from none", () => {
    expect(quotaOf("")).toBeUndefined();
    expect(quotaOf(" 0 ")).toBe(0);
    expect(quotaOf("5,000")).toBe(5000);
    expect(quotaText(undefined)).toBe("");
    expect(quotaText(0)).toBe("0");
  });

  it("refuses what is not a count", () => {
    for (const wrong of ["-1", "1.5", "many", "1e9", "99999999999999999999"]) {
      expect(Number.isNaN(quotaOf(wrong)), wrong).toBe(true);
    }
  });
});

describe("passwords", () => {
  it("are long, unlike each other, and of letters that nobody mistakes", () => {
    const made = Array.from({ length: 200 }, newPassword);
    expect(new Set(made).size).toBe(200);
    for (const password of made) expect(password).toMatch(/^([a-km-np-z2-9]{6}-){3}[a-km-np-z2-9]{6}$/);
  });
});

describe("usage", () => {
  const hour = (hourMs: number, way: string, bytes: number) => ({
    hourMs,
    way,
    bytes,
    events: 1,
    overQuota: 2,
    overQuotaEvents: 3,
    refusedEvents: 4,
  });
  const H = 3600e3;

  it("is summed by way, most bytes first", () => {
    expect(waysOf([hour(0, "otlp", 5), hour(0, "agent", 3), hour(H, "agent", 4)])).toEqual([
      { way: "agent", bytes: 7, events: 2, overQuotaEvents: 6, refusedEvents: 8 },
      { way: "otlp", bytes: 5, events: 1, overQuotaEvents: 3, refusedEvents: 4 },
    ]);
  });

  it("has every hour up to now's, empty ones too, and none outside", () => {
    const hours = hoursOf([hour(H, "agent", 3), hour(H, "otlp", 4), hour(9 * H, "agent", 9)], 3, 2.5 * H);
    expect(hours.map((each) => [each.hourMs / H, each.total])).toEqual([
      [0, 0],
      [1, 7],
      [2, 0],
    ]);
  });
});

describe("finding rows", () => {
  const rows = [{ name: "Ada" }, { name: "Grace" }];
  it("looks for text in any case, and takes nothing for all", () => {
    const texts = (row: { name: string }) => [row.name];
    expect(found(rows, " gRa ", texts)).toEqual([{ name: "Grace" }]);
    expect(found(rows, " ", texts)).toEqual(rows);
    expect(found(undefined, "x", texts)).toEqual([]);
  });
});

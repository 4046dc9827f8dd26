import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ExportedDay } from "../api/audit";
import { checkProof } from "./checkProof";
import sealed from "./sealedDay.json";

/** Written by the control API's own code: SealedDayTest. */
const day = v.parse(ExportedDay, sealed);
const TENANT = "acme";

describe("a sealed day as the control API exports it", () => {
  it("holds: each record, its path, the signature", async () => {
    expect(day.records.length).toBe(7);
    for (const proven of day.records) {
      expect(await checkProof(TENANT, day.root, proven)).toEqual({
        record: true,
        path: true,
        signature: true,
      });
    }
  });

  it("does not hold for another record, tenant, place, path or root", async () => {
    const [first, second] = day.records;
    if (!first || !second) throw new Error("no records");
    const record = { ...first.record, actor: "user:mallory@acme" };
    expect(await checkProof(TENANT, day.root, { ...first, record })).toMatchObject({
      record: false,
      path: false,
    });
    expect(await checkProof("globex", day.root, first)).toEqual({
      record: false,
      path: false,
      signature: false,
    });
    expect(await checkProof(TENANT, day.root, { ...first, leafIndex: 1 })).toMatchObject({ path: false });
    expect(await checkProof(TENANT, day.root, { ...first, path: second.path })).toMatchObject({
      path: false,
    });
    expect(await checkProof(TENANT, day.root, { ...first, path: first.path.slice(1) })).toMatchObject({
      path: false,
    });
    const moved = { ...day.root, day: "2026-11-19" };
    expect(await checkProof(TENANT, moved, first)).toEqual({ record: true, path: true, signature: false });
    const broken = { ...day.root, root: "", signature: "?", publicKey: "no key" };
    expect(await checkProof(TENANT, broken, first)).toEqual({ record: true, path: false, signature: false });
  });
});

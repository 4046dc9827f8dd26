import { describe, expect, it } from "vitest";
import { actionOf, keyOf, readKeymap, refusal } from "./keymap";

describe("remapped keys", () => {
  it("act by their new key, and no longer by their own", () => {
    const map = { t: "u" };
    expect(actionOf("u", map)).toBe("t");
    expect(actionOf("t", map)).toBe("");
    expect(actionOf("f", map)).toBe("f");
    expect(keyOf("t", map)).toBe("u");
  });

  it("can change places", () => {
    const map = { j: "k", k: "j" };
    expect(actionOf("j", map)).toBe("k");
    expect(actionOf("k", map)).toBe("j");
  });

  it("leave alone what is no single key: Enter, digits, Ctrl", () => {
    for (const name of ["Enter", "1", "Ctrl+k", "ArrowDown"]) expect(actionOf(name, { t: "u" })).toBe(name);
  });

  it("are refused when taken, a digit, a space, G, or not on a keyboard", () => {
    expect(refusal("t", "f", {})).toBe('F is "false positive" already.');
    expect(refusal("t", "f", { f: "v" })).toBe("");
    expect(refusal("t", "v", { f: "v" })).toBe('V is "false positive" already.');
    expect(refusal("t", "t", {})).toBe("");
    for (const wrong of ["1", " ", "g", "ü", "", "ab"]) expect(refusal("t", wrong, {}), wrong).not.toBe("");
  });

  it("are read from storage only when they make sense", () => {
    expect(readKeymap('{"t":"u","nothing":"v"}')).toEqual({ t: "u" });
    for (const broken of [null, "", "{", "[]", "7", '{"t":"f"}', '{"t":1}', '{"t":"g"}'])
      expect(readKeymap(broken), String(broken)).toEqual({});
  });
});

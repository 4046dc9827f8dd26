import * as v from "valibot";
import { expect, test } from "vitest";
import { AgentCommand } from "../api/agents";
import {
  ACTIONS,
  type Action,
  aboutOf,
  hexOf,
  memberOf,
  messageOf,
  outcomeOf,
  problemsOf,
  textOf,
  wordsOf,
} from "./actions";

test("commands: what is typed becomes the protobuf's message, and what cannot be is said", () => {
  const action = (member: string) => ACTIONS.find((each) => each.member === member) as Action;
  const kill = action("killProcess");
  expect(problemsOf(kill, { pid: "0" })).toHaveLength(1);
  expect(problemsOf(kill, { pid: " 4711 ", executable: "a" })).toHaveLength(1);
  expect(messageOf(kill, { pid: " 4711 ", tree: "true" })).toEqual({ pid: "4711", tree: true });
  const isolate = action("isolateNetwork");
  expect(problemsOf(isolate, {})).toEqual([]);
  expect(problemsOf(isolate, { allowed: "10.0.0.1\nfe80::/10", releaseAfterMs: "24" })).toEqual([]);
  expect(problemsOf(isolate, { allowed: "10.0.0.1; drop", releaseAfterMs: "-1" })).toHaveLength(2);
  expect(messageOf(isolate, { allowed: " 10.0.0.1 \n\n", releaseAfterMs: "2" })).toEqual({
    allowed: ["10.0.0.1"],
    releaseAfterMs: "7200000",
  });
  expect(messageOf(action("releaseNetwork"), {})).toEqual({});
  expect(problemsOf(action("runOsquery"), { sql: "drop table x" })).toHaveLength(1);
  expect(problemsOf(action("collectPath"), { path: "C:\\Users" })).toEqual([]);
});

test("commands: how far they have come", () => {
  const command = (more: object) =>
    v.parse(AgentCommand, { commandId: "c", command: { killProcess: { pid: "7" } }, ...more });
  const at = 1_000_000;
  expect(outcomeOf(command({ expiresMs: "2000000" }), at)).toBe("waits");
  expect(outcomeOf(command({ expiresMs: "2000000", sentMs: "5" }), at)).toBe("sent");
  expect(outcomeOf(command({ expiresMs: "999999", sentMs: "5" }), at)).toBe("expired");
  const answered = command({ expiresMs: "1", result: { status: "COMMAND_STATUS_REFUSED" } });
  expect(outcomeOf(answered, at)).toBe("refused");
  expect(aboutOf(answered.command)).toBe("pid 7");
  expect(memberOf({ ...answered.command, newThing: {} })).toBe("killProcess");
  expect(wordsOf("")).toBe("unknown");
  expect(hexOf("AP8=")).toBe("00ff");
  expect(hexOf("<b>")).toBe("");
  expect(textOf(btoa("\u00e2\u0082\u00ac"))).toBe("€");
});

import * as v from "valibot";
import { expect, test } from "vitest";
import { mergeAlerts } from "../alerts/mergeAlerts";
import { AlertRow } from "../api/wire";
import { may } from "../app/useSession";
import { parseQuery } from "../query/parseQuery";
import { withTriage } from "./useTriage";
import { inState, isMe, STATES, shortName } from "./verdicts";

const row = (more = {}) => v.parse(AlertRow, { alertId: "a", timeMs: "1", ...more });
const ada = { actor: "user:ada@acme", tenantId: "acme" };
const mine = (assignee: string) => isMe(assignee, ada);

test("each state holds the rows that its name says", () => {
  const states = (more: object) =>
    STATES.map(([name]) => name).filter((name) => inState(row(more), name, mine));
  expect(states({})).toEqual(["open", "all", "unassigned"]);
  expect(states({ verdict: "VERDICT_OPEN", assignee: "user:ada@acme" })).toEqual(["open", "all", "mine"]);
  expect(states({ assignee: "bob" })).toEqual(["open", "all"]);
  expect(states({ verdict: "VERDICT_TRUE_POSITIVE", assignee: "ada" })).toEqual(["all", "decided", "true"]);
  expect(states({ verdict: "VERDICT_FALSE_POSITIVE" })).toEqual(["all", "decided", "false"]);
  expect(states({ verdict: "VERDICT_BENIGN" })).toEqual(["all", "decided", "benign"]);
});

test("the caller is known by actor and by the name of a user of its tenant, nobody else is", () => {
  expect(["user:ada@acme", "ada"].every(mine)).toBe(true);
  expect(["", "bob", "user:ada@other", "ada@acme"].some(mine)).toBe(false);
  expect(isMe("ada", null)).toBe(false);
  expect(["user:ada@acme", "operator:root", "ada", "a@b@c"].map(shortName)).toEqual([
    "ada",
    "root",
    "ada",
    "a@b",
  ]);
});

test("a row of the stream, which says nothing of triage, leaves what is known; a list's row wins", () => {
  const known = row({ verdict: "VERDICT_BENIGN", assignee: "ada" });
  expect(mergeAlerts([known], [row({ count: "7" })])[0]).toMatchObject({
    count: 7,
    verdict: "benign",
    assignee: "ada",
  });
  expect(mergeAlerts([known], [row({ verdict: "VERDICT_OPEN" })])[0]).toMatchObject({ verdict: "open" });
});

test("what was decided here lies over the row", () => {
  const overlay = new Map([["a", { verdict: "benign" as const }]]);
  expect(withTriage(row({ assignee: "bob" }), overlay)).toMatchObject({ verdict: "benign", assignee: "bob" });
  expect(withTriage(row({ alertId: "b" }), overlay).verdict).toBe("");
});

test("status: is no filter of the API; without it the queue shows what is open", () => {
  expect(parseQuery("host:x status:Mine status:all")).toMatchObject({ state: "mine", filter: { host: "x" } });
  expect(parseQuery("host:x").state).toBe("open");
  const wrong = parseQuery("status:opn");
  expect(wrong.state).toBe("open");
  expect(wrong.problems[0]?.problem.fix?.query).toBe("status:open");
  expect(parseQuery("status:>open").problems).toHaveLength(1);
  expect(parseQuery("-status:open").problems).toHaveLength(1);
});

test("a server that tells no permissions leaves the decision to itself", () => {
  const session = { ...ada, operator: false, csrf: "" };
  expect(may(null, "alerts_triage")).toBe(true);
  expect(may(session, "alerts_triage")).toBe(true);
  expect(may({ ...session, permissions: ["alerts_read"] }, "alerts_triage")).toBe(false);
  expect(may({ ...session, permissions: ["alerts_triage"] }, "alerts_triage")).toBe(true);
});

import type { AlertRow, Verdict } from "../api/wire";

export const VERDICT_NAME: Record<Verdict, string> = {
  open: "Open",
  true_positive: "True positive",
  false_positive: "False positive",
  benign: "Benign",
};

export type Decision = Exclude<Verdict, "open">;
export const DECISIONS: readonly { verdict: Decision; key: string }[] = [
  { verdict: "true_positive", key: "T" },
  { verdict: "false_positive", key: "F" },
  { verdict: "benign", key: "B" },
];

/** Why, by number. The API keeps a comment, so the reason is its first line. */
export const REASONS: Record<Decision, readonly [string, string, string, string, string]> = {
  true_positive: [
    "Attack confirmed",
    "Attack blocked by another control",
    "Policy broken",
    "Unwanted software",
    "Part of a known incident",
  ],
  false_positive: [
    "Rule matches normal behaviour",
    "Wrong or broken log data",
    "Known software, needs a filter",
    "Outdated indicator",
    "Same cause as one already decided",
  ],
  benign: [
    "Administrator at work",
    "Security test or exercise",
    "Approved change",
    "Allowed for this user or host",
    "User confirmed it",
  ],
};

export const isDecided = (row: { verdict: Verdict | "" }): boolean =>
  row.verdict !== "" && row.verdict !== "open";

/** States that the queue can be narrowed to. */
export const STATES = [
  ["open", "Open"],
  ["all", "All"],
  ["decided", "Decided"],
  ["true", "True positive"],
  ["false", "False positive"],
  ["benign", "Benign"],
  ["mine", "Mine"],
  ["unassigned", "Unassigned"],
] as const;
export type State = (typeof STATES)[number][0];

export function inState(row: AlertRow, state: State, mine: (assignee: string) => boolean): boolean {
  switch (state) {
    case "all":
      return true;
    case "open":
      return !isDecided(row);
    case "decided":
      return isDecided(row);
    case "true":
      return row.verdict === "true_positive";
    case "false":
      return row.verdict === "false_positive";
    case "benign":
      return row.verdict === "benign";
    case "mine":
      return !isDecided(row) && mine(row.assignee);
    case "unassigned":
      return !isDecided(row) && row.assignee === "";
  }
}

/** `user:ada@acme` as people call it: `ada`. */
export function shortName(actor: string): string {
  const name = /^\w+:(.+)$/.exec(actor)?.[1] ?? actor;
  const at = name.lastIndexOf("@");
  return at > 0 ? name.slice(0, at) : name;
}

/** Whether an assignee is the caller, by actor or by the bare name of a user. */
export function isMe(assignee: string, me: { actor: string; tenantId: string } | null): boolean {
  if (!me || !assignee) return false;
  return assignee === me.actor || `user:${assignee}@${me.tenantId}` === me.actor;
}

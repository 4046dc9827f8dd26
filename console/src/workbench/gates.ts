import type { RuleStatus } from "../api/deployments";
import type { RuleFigures } from "../api/rules";
import { whole } from "../parts/numbers";
import { micros } from "../pipeline/cost";
import { ENOUGH_DECIDED } from "../rules/rows";
import { duration } from "../time/format";

/** What a version in shadow has to show before it takes the live one's place. */
export interface Gate {
  name: string;
  live: string;
  shadow: string;
  gate: string;
  state: "met" | "failed" | "waiting" | "none";
}

export interface Watched {
  live: RuleStatus | undefined;
  shadow: RuleStatus;
  /** Alerts of the last 24 h in the store; absent while it cannot be asked. */
  liveAlerts: number | undefined;
  shadowAlerts: number | undefined;
  figures: RuleFigures | undefined;
  /** Since when it is in shadow; 0: unknown. */
  sinceMs: number;
  nowMs: number;
}

const LONG_ENOUGH_MS = 86_400_000;
/** A match of a rule that had none before may cost so much. */
const DEAR_MICROS = 1000;
const UNKNOWN = "–";

export function gates(watched: Watched): Gate[] {
  return [
    active(watched),
    matches(watched),
    alerts(watched),
    errors(watched),
    cost(watched),
    right(watched),
    time(watched),
  ];
}

/** Those that do not hold (yet). */
export const unmet = (all: readonly Gate[]): Gate[] =>
  all.filter((each) => each.state === "failed" || each.state === "waiting");

const on = (status: RuleStatus | undefined) => (status ? `${status.active} of ${status.subtasks}` : UNKNOWN);

function active({ live, shadow }: Watched): Gate {
  const all = shadow.subtasks > 0 && shadow.active >= shadow.subtasks && !shadow.fault;
  const state = shadow.fault ? "failed" : all ? "met" : "waiting";
  return { name: "Active on subtasks", live: on(live), shadow: on(shadow), gate: "all", state };
}

function matches({ live, shadow }: Watched): Gate {
  return {
    name: "Matches since the job started",
    live: live ? whole(live.matches) : UNKNOWN,
    shadow: whole(shadow.matches),
    gate: "some",
    state: shadow.matches > 0 ? "met" : "waiting",
  };
}

/** Nothing to compare with is no gate. */
function alerts({ live, liveAlerts, shadowAlerts }: Watched): Gate {
  const comparable = live !== undefined && liveAlerts !== undefined && shadowAlerts !== undefined;
  return {
    name: "Alerts, last 24 h",
    live: live && liveAlerts !== undefined ? whole(liveAlerts) : UNKNOWN,
    shadow: shadowAlerts === undefined ? UNKNOWN : whole(shadowAlerts),
    gate: comparable ? "no more than live" : "",
    state: comparable ? (shadowAlerts <= liveAlerts ? "met" : "failed") : "none",
  };
}

function errors({ live, shadow }: Watched): Gate {
  return {
    name: "Errors",
    live: live ? whole(live.errors) : UNKNOWN,
    shadow: whole(shadow.errors),
    gate: "none",
    state: shadow.errors === 0 ? "met" : "failed",
  };
}

const perMatch = (status: RuleStatus | undefined): number | undefined =>
  status && status.matches > 0 ? status.nanos / 1000 / status.matches : undefined;

function cost({ live, shadow }: Watched): Gate {
  const ours = perMatch(shadow);
  const theirs = perMatch(live);
  const limit = theirs === undefined ? DEAR_MICROS : Math.max(theirs * 2, 1);
  return {
    name: "Cost for each match",
    live: theirs === undefined ? UNKNOWN : micros(theirs),
    shadow: ours === undefined ? UNKNOWN : micros(ours),
    gate: `under ${micros(limit)}`,
    state: ours === undefined ? "waiting" : ours < limit ? "met" : "failed",
  };
}

/** Alerts in shadow are not decided, so there is nothing to hold against the live version's. */
function right({ live, figures }: Watched): Gate {
  const decided = figures ? figures.truePositives + figures.falsePositives + figures.benign : 0;
  const rate =
    decided < ENOUGH_DECIDED ? "too few" : `${Math.round(((figures?.truePositives ?? 0) / decided) * 100)} %`;
  return {
    name: "True rate, decided",
    live: live && figures ? rate : UNKNOWN,
    shadow: "not decided",
    gate: "",
    state: "none",
  };
}

function time({ sinceMs, nowMs }: Watched): Gate {
  const spent = nowMs - sinceMs;
  return {
    name: "Time in shadow",
    live: UNKNOWN,
    shadow: sinceMs > 0 ? duration(spent) : UNKNOWN,
    gate: "1 d",
    state: sinceMs > 0 && spent >= LONG_ENOUGH_MS ? "met" : "waiting",
  };
}

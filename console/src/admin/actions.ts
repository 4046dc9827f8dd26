import type { AgentCommand } from "../api/agents";

/** What an agent can be told to do: the fixed list of the protobuf `Command`, and no free shell. */
export type Member =
  | "killProcess"
  | "quarantineFile"
  | "restoreFile"
  | "isolateNetwork"
  | "releaseNetwork"
  | "collectPath"
  | "runOsquery"
  | "changeConfiguration";

/** A field of an action; `problem` says what is wrong with what was typed, empty when nothing is. */
export interface ActionField {
  name: string;
  label: string;
  hint: string;
  kind: "line" | "lines" | "box";
  problem: (text: string) => string;
}

export interface Action {
  member: Member;
  verb: string;
  /** What happens to the endpoint, and how it is undone. */
  consequence: string;
  fields: readonly ActionField[];
}

const path = (label: string): ActionField => ({
  name: "path",
  label,
  hint: "Absolute, as on the endpoint",
  kind: "line",
  problem: (text) => (/^(\/|[A-Za-z]:\\)/.test(text.trim()) ? "" : "An absolute path, such as /tmp/a."),
});

export const ACTIONS: readonly Action[] = [
  {
    member: "killProcess",
    verb: "Kill process",
    consequence: "The process ends at once, and what it had not saved is lost. This cannot be undone.",
    fields: [
      {
        name: "pid",
        label: "Process id",
        hint: "As the event says",
        kind: "line",
        problem: (text) => (/^[1-9]\d{0,9}$/.test(text.trim()) ? "" : "A number of 1 or more."),
      },
      {
        name: "executable",
        label: "Only if it runs this file",
        hint: "Absolute; empty does not ask. Ids are used again for other processes.",
        kind: "line",
        problem: (text) => (text.trim() === "" ? "" : path("").problem(text)),
      },
      {
        name: "tree",
        label: "Its descendants as well",
        hint: "",
        kind: "box",
        problem: () => "",
      },
    ],
  },
  {
    member: "quarantineFile",
    verb: "Quarantine file",
    consequence: "The file leaves its place for the agent's quarantine. Restore file undoes it.",
    fields: [path("File")],
  },
  {
    member: "restoreFile",
    verb: "Restore file",
    consequence: "The file goes back to where it was, with whatever it does. Quarantine file undoes it.",
    fields: [
      {
        name: "quarantineId",
        label: "Quarantine id",
        hint: "As the quarantine's result says",
        kind: "line",
        problem: (text) => (text.trim() ? "" : "The id that the quarantine's result has."),
      },
    ],
  },
  {
    member: "isolateNetwork",
    verb: "Isolate network",
    consequence:
      "Everything but loopback, the gateway and the addresses named is cut: people and services on it are off. Release network undoes it.",
    fields: [
      {
        name: "allowed",
        label: "Stay reachable, one a line",
        hint: "Addresses or networks such as 10.1.0.0/16; empty for none",
        kind: "lines",
        problem: (text) => {
          const wrong = lines(text).find((line) => !/^[0-9A-Fa-f.:]+(\/\d{1,3})?$/.test(line));
          return wrong === undefined ? "" : `“${wrong.slice(0, 60)}” is no address or network.`;
        },
      },
      {
        name: "releaseAfterMs",
        label: "Release by itself after, in hours",
        hint: "Empty: it stays until it is released",
        kind: "line",
        problem: (text) =>
          text.trim() === "" || /^([1-9]\d{0,2})$/.test(text.trim()) ? "" : "1 to 999 hours.",
      },
    ],
  },
  {
    member: "releaseNetwork",
    verb: "Release network",
    consequence: "It reaches every network again, and they reach it. Isolate network undoes it.",
    fields: [],
  },
  {
    member: "collectPath",
    verb: "Collect file",
    consequence: "A copy goes to the gateway, where responders may read it. The endpoint stays as it is.",
    fields: [path("File or directory")],
  },
  {
    member: "runOsquery",
    verb: "Run osquery",
    consequence: "The query reads the endpoint and changes nothing.",
    fields: [
      {
        name: "sql",
        label: "Query",
        hint: "One SELECT",
        kind: "lines",
        problem: (text) => (/^\s*select\s/i.test(text) ? "" : "One SELECT."),
      },
    ],
  },
];

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

export type Typed = Readonly<Record<string, string>>;

export const problemsOf = (action: Action, typed: Typed): string[] =>
  action.fields.map((field) => field.problem(typed[field.name] ?? "")).filter(Boolean);

const HOUR_MS = 3_600_000;

/** The action's message as proto3 JSON. */
export function messageOf(action: Action, typed: Typed): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const { name, kind } of action.fields) {
    const text = (typed[name] ?? "").trim();
    if (kind === "box") {
      if (text === "true") message[name] = true;
    } else if (name === "allowed") message[name] = lines(text);
    else if (name === "releaseAfterMs") {
      if (text) message[name] = String(Number(text) * HOUR_MS);
    } else if (text) message[name] = text;
  }
  return message;
}

const MEMBERS: readonly string[] = [...ACTIONS.map((each) => each.member), "changeConfiguration"];

/** The action of a command as it was signed; none of a newer server's. */
export function memberOf(command: AgentCommand["command"]): string {
  return Object.keys(command).find((name) => MEMBERS.includes(name)) ?? "";
}

/** `killProcess` as `kill process`. */
export const wordsOf = (member: string): string =>
  member.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) || "unknown";

/** What a command is about, in one line: `pid 4711`. Untrusted. */
export function aboutOf(command: AgentCommand["command"]): string {
  const message = (command as Record<string, unknown>)[memberOf(command)];
  if (typeof message !== "object" || message === null) return "";
  return Object.entries(message)
    .filter(([name]) => name !== "content")
    .map(([name, value]) => `${wordsOf(name)} ${Array.isArray(value) ? value.join(", ") : String(value)}`)
    .join(", ");
}

export type Outcome = "waits" | "sent" | "begun" | "done" | "failed" | "refused" | "expired";

/** How far a command has come. */
export function outcomeOf(command: AgentCommand, now: number): Outcome {
  switch (command.result?.status) {
    case "COMMAND_STATUS_SUCCEEDED":
      return "done";
    case "COMMAND_STATUS_FAILED":
      return "failed";
    case "COMMAND_STATUS_REFUSED":
      return "refused";
    case "COMMAND_STATUS_ACCEPTED":
      return "begun";
    default:
      if (command.expiresMs > 0 && command.expiresMs < now) return "expired";
      return command.sentMs > 0 ? "sent" : "waits";
  }
}

export const isFinal = (outcome: Outcome): boolean =>
  outcome === "done" || outcome === "failed" || outcome === "refused" || outcome === "expired";

/** Bytes as proto3 JSON writes them, in hex; empty for what is no base64. */
export function hexOf(base64: string): string {
  try {
    return [...atob(base64)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  } catch {
    return "";
  }
}

/** Bytes that hold text, as such. */
export function textOf(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  } catch {
    return "";
  }
}

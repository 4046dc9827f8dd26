import type { EventRow } from "../api/wire";

/** What happened around the alert's process, as far as its host's neighbouring events tell. */
export interface ProcessStep {
  key: string;
  depth: number;
  name: string;
  pid: string;
  detail: string;
  timeMs: number;
  /** The alert's own event. */
  own: boolean;
}

const MOST_CHILDREN = 8;

const baseName = (path: string) => path.split(/[\\/]/).at(-1) || path;
const nameOf = (ocsf: Record<string, string>, prefix: string) =>
  baseName(ocsf[`${prefix}.name`] || ocsf[`${prefix}.file.path`] || ocsf[`${prefix}.file.name`] || "");

/** A command line without its program, which stands before it already. */
function argumentsOf(commandLine: string, name: string): string {
  const [program = ""] = /^\s*("[^"]*"|\S+)\s*/.exec(commandLine) ?? [];
  const bare = (text: string) =>
    baseName(text)
      .toLowerCase()
      .replace(/\.exe$/, "");
  const same = bare(program.trim().replaceAll('"', "")) === bare(name);
  return same && name ? commandLine.slice(program.length) : commandLine;
}

/** Parent, process and what the process did, or nothing when the event is not about a process. */
export function processSteps(event: EventRow | undefined, neighbours: readonly EventRow[]): ProcessStep[] {
  if (!event) return [];
  const { ocsf } = event;
  const name = nameOf(ocsf, "process") || nameOf(ocsf, "actor.process");
  if (!name) return [];
  const steps: ProcessStep[] = [];
  const parent = nameOf(ocsf, "process.parent_process") || nameOf(ocsf, "actor.process");
  if (parent && nameOf(ocsf, "process")) {
    steps.push({
      key: "parent",
      depth: 0,
      name: parent,
      pid: ocsf["process.parent_process.pid"] ?? ocsf["actor.process.pid"] ?? "",
      detail: argumentsOf(
        ocsf["process.parent_process.cmd_line"] ?? ocsf["actor.process.cmd_line"] ?? "",
        parent,
      ),
      timeMs: 0,
      own: false,
    });
  }
  const depth = steps.length;
  const pid = ocsf["process.pid"] ?? ocsf["actor.process.pid"] ?? "";
  steps.push({
    key: event.eventId,
    depth,
    name,
    pid,
    detail: argumentsOf(ocsf["process.cmd_line"] ?? event.summary, name),
    timeMs: event.timeMs,
    own: true,
  });
  return [...steps, ...children(event, pid, depth + 1, neighbours)];
}

function children(
  event: EventRow,
  pid: string,
  depth: number,
  neighbours: readonly EventRow[],
): ProcessStep[] {
  if (!pid) return [];
  return neighbours
    .filter(
      (other) => other.eventId !== event.eventId && other.timeMs >= event.timeMs && startedBy(other, pid),
    )
    .slice(0, MOST_CHILDREN)
    .map((other) => ({
      key: other.eventId,
      depth,
      name: nameOf(other.ocsf, "process") || other.className.replace(/ Activity$/, "").toLowerCase(),
      pid: other.ocsf["process.pid"] ?? "",
      detail: argumentsOf(other.ocsf["process.cmd_line"] ?? other.summary, nameOf(other.ocsf, "process")),
      timeMs: other.timeMs,
      own: false,
    }));
}

function startedBy(other: EventRow, pid: string): boolean {
  const parent = other.ocsf["process.parent_process.pid"];
  if (parent !== undefined) return parent === pid;
  return (other.ocsf["actor.process.pid"] ?? other.ocsf["process.pid"]) === pid;
}

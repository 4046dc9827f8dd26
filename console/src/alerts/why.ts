import type { AlertDetail, EventRow, MatchedField } from "../api/wire";
import { type DecodedCommand, decodeEncodedCommand } from "../text/encodedCommand";
import { type Excerpt, withoutMiddle } from "../text/excerpt";
import { matchedPart } from "../text/matchedPart";

/** What the evidence of correlations and patterns says beside conditions. */
const ABOUT_EPISODE = new Set(["group-by", "finding"]);

/** Every matched field of an alert, each once. */
export function matchedFields(detail: AlertDetail): MatchedField[] {
  const seen = new Set<string>();
  return detail.evidence
    .flatMap((evidence) => evidence.fields)
    .filter((field) => !ABOUT_EPISODE.has(field.operator))
    .filter((field) => {
      const key = JSON.stringify(field);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** A correlation's or pattern's alert: what its events share, what was found, and each event's part. */
export interface Episode {
  group: { field: string; value: string }[];
  findings: { field: string; value: string }[];
  /** In the order in which they happened. */
  steps: { eventId: string; timeMs: number; member: string; event: EventRow | undefined }[];
}

/** Null for an alert of a single event's conditions. */
export function episodeOf(detail: AlertDetail): Episode | null {
  const about = detail.evidence
    .flatMap((each) => each.fields)
    .filter((field) => ABOUT_EPISODE.has(field.operator));
  if (about.length === 0 && detail.evidence.length < 2) return null;
  const once = (operator: string) => {
    const found = new Map<string, { field: string; value: string }>();
    for (const { field, value, operator: its } of about) {
      if (its === operator) found.set(JSON.stringify([field, value]), { field, value });
    }
    return [...found.values()];
  };
  const events = new Map(detail.events.map((event) => [event.eventId, event]));
  return {
    group: once("group-by"),
    findings: once("finding"),
    steps: detail.evidence
      .map((each) => ({
        eventId: each.eventId,
        timeMs: Math.floor(each.timeUs / 1000),
        member: each.fields.find((field) => field.selection)?.selection ?? "",
        event: events.get(each.eventId),
      }))
      .sort((a, b) => a.timeMs - b.timeMs),
  };
}

export function firstEvent(detail: AlertDetail): EventRow | undefined {
  return detail.events[0];
}

/** Characters of the Base64 that stay in sight beside what it decodes to. */
const SHOWN_BASE64 = 48;

/** The command line as shown: what matched is marked, decoded Base64 is shortened. */
export function shownCommand(command: CommandLine): Excerpt {
  const marks = command.matches.flatMap((match) => matchedPart(command.text, match));
  const { decoded } = command;
  return decoded
    ? withoutMiddle(command.text, marks, [decoded.start, decoded.end], SHOWN_BASE64)
    : { text: command.text, marks };
}

export interface CommandLine {
  text: string;
  decoded: DecodedCommand | null;
  /** The fields that matched in it. */
  matches: MatchedField[];
}

/** The command line of the alert's event: what OCSF says, or the matched field that looks like one. */
export function commandLine(detail: AlertDetail): CommandLine | null {
  const fields = matchedFields(detail);
  const text =
    firstEvent(detail)?.ocsf["process.cmd_line"] ??
    fields.find((field) => /command|cmd|scriptblock/i.test(field.field))?.value;
  if (!text) return null;
  return {
    text,
    decoded: decodeEncodedCommand(text),
    matches: fields.filter((field) => field.value === text),
  };
}

import type { AlertDetail, EventRow, MatchedField } from "../api/wire";
import { type DecodedCommand, decodeEncodedCommand } from "../text/encodedCommand";
import { type Excerpt, withoutMiddle } from "../text/excerpt";
import { matchedPart } from "../text/matchedPart";

/** Every matched field of an alert, each once. */
export function matchedFields(detail: AlertDetail): MatchedField[] {
  const seen = new Set<string>();
  return detail.evidence
    .flatMap((evidence) => evidence.fields)
    .filter((field) => {
      const key = JSON.stringify(field);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
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

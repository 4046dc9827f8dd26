import type { AlertDetail, EventRow, MatchedField } from "../api/wire";
import { type DecodedCommand, decodeEncodedCommand } from "../text/encodedCommand";

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

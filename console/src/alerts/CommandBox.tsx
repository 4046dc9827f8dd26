import { defang } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { matchedPart } from "../text/matchedPart";
import type { CommandLine } from "./why";

/** The command line with what matched marked, and what its Base64 says. */
export function CommandBox({ command }: { command: CommandLine }) {
  const marks = command.matches.flatMap((match) => matchedPart(command.text, match));
  return (
    <div className="cl m">
      <HostileText text={command.text} marks={marks} />
      {command.decoded && (
        <span className="d">
          <span className="t3">decoded</span> <HostileText text={defang(command.decoded.text)} multiline />
        </span>
      )}
    </div>
  );
}

import { defang } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { type CommandLine, shownCommand } from "./why";

/** The command line with what matched marked, and what its Base64 says. */
export function CommandBox({ command }: { command: CommandLine }) {
  const { text, marks } = shownCommand(command);
  return (
    <div className="cl m">
      <HostileText text={text} marks={marks} />
      {command.decoded && (
        <span className="d">
          <span className="t3">decoded</span> <HostileText text={defang(command.decoded.text)} multiline />
        </span>
      )}
    </div>
  );
}

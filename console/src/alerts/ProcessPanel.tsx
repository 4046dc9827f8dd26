import type { AlertDetail, EventRow } from "../api/wire";
import { copy } from "../app/copy";
import { useSettings } from "../app/settings";
import { Icon } from "../parts/Icon";
import { Severity } from "../parts/Severity";
import { defang, plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { hiddenCount } from "../text/hostile";
import { clock } from "../time/format";
import { type ProcessStep, processSteps } from "./processes";
import { type CommandLine, commandLine, firstEvent, shownCommand } from "./why";

/** Who started what, and the command line in the clear. */
export function ProcessPanel({
  detail,
  neighbours,
}: {
  detail: AlertDetail;
  neighbours: readonly EventRow[];
}) {
  const steps = processSteps(firstEvent(detail), neighbours);
  const command = commandLine(detail);
  if (steps.length === 0 && !command) return null;
  return (
    <section className="panel">
      <div className="ph">
        <h2>{steps.length > 0 ? "Process tree" : "Command"}</h2>
        {steps.length > 0 && <span className="t3">from the events on this host</span>}
      </div>
      <div className={steps.length > 0 && command ? "two" : "one"}>
        {steps.length > 0 && (
          <ol className="pt">
            {steps.map((step, at) => (
              <Step key={step.key} step={step} last={at === steps.length - 1} detail={detail} />
            ))}
          </ol>
        )}
        {command && <Command command={command} />}
      </div>
    </section>
  );
}

function Step({ step, last, detail }: { step: ProcessStep; last: boolean; detail: AlertDetail }) {
  const { zone } = useSettings();
  const branch = step.depth === 0 ? "" : `${"  ".repeat(step.depth - 1)}${step.own || last ? "└ " : "├ "}`;
  return (
    <li className={step.own ? "me" : ""}>
      <span className="n">
        <span className="tick" aria-hidden="true">
          {branch}
        </span>
        <span className="m b">
          <HostileText text={step.name} />
        </span>
        {step.pid && (
          <span className="t3 m">
            <HostileText text={step.pid} />
          </span>
        )}
        <span className="m t2 el" title={plain(step.detail)}>
          <HostileText text={defang(step.detail)} />
        </span>
        {step.own && <Severity level={detail.alert.level} />}
      </span>
      <span className="tm">{step.timeMs > 0 && clock(step.timeMs, zone)}</span>
    </li>
  );
}

function Command({ command }: { command: CommandLine }) {
  const hidden = hiddenCount(command.text);
  const { text, marks } = shownCommand(command);
  return (
    <div className="dec">
      <div className="h">
        Command line
        <span className="sp" />
        <button type="button" className="btn q" onClick={() => copy(command.text, "Command line")}>
          <Icon name="copy" />
          Copy
        </button>
      </div>
      <div className="m">
        <HostileText text={text} marks={marks} />
      </div>
      {command.decoded && (
        <>
          <div className="h">
            Decoded command <span className="t3">shown as text, never run</span>
          </div>
          <div className="m o">
            <HostileText text={defang(command.decoded.text)} multiline />
          </div>
        </>
      )}
      {hidden > 0 && (
        <p className="t3">
          The command line holds {hidden} hidden character{hidden === 1 ? "" : "s"}.
        </p>
      )}
    </div>
  );
}

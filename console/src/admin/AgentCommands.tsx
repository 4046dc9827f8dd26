import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Agent, type AgentCommand, evidenceUrl, getCommand, listCommands } from "../api/agents";
import { useNow } from "../app/clock";
import { GuardedButton } from "../app/permissions";
import { may, useSession } from "../app/useSession";
import { bytes } from "../parts/numbers";
import { ErrorBox } from "../parts/states";
import { When } from "../parts/When";
import { HostileText } from "../text/HostileText";
import {
  ACTIONS,
  aboutOf,
  hexOf,
  isFinal,
  type Member,
  memberOf,
  type Outcome,
  outcomeOf,
  textOf,
  wordsOf,
} from "./actions";
import { CommandDialog, type Wish } from "./CommandDialog";

const MAY = "response_request";
const OPEN_MS = 2_000;
const IDLE_MS = 15_000;

const SAID: Record<Outcome, [words: string, className: string]> = {
  waits: ["waits for the agent", "t3"],
  sent: ["sent", "t3"],
  begun: ["begun", "t2"],
  done: ["done", "good"],
  failed: ["failed", "bad"],
  refused: ["refused", "warn-text"],
  expired: ["expired, not begun", "warn-text"],
};

/** What an agent was told to do, what came of it, and telling it more. */
export function AgentCommands({ tenant, agent }: { tenant: string; agent: Agent }) {
  const [wish, setWish] = useState<Wish | null>(null);
  const now = useNow();
  const commands = useQuery({
    queryKey: ["agentcommands", tenant, agent.agentId],
    queryFn: ({ signal }) => listCommands(tenant, agent.agentId, signal),
    refetchInterval: ({ state }) =>
      state.data?.some((each) => !isFinal(outcomeOf(each, Date.now()))) ? OPEN_MS : IDLE_MS,
  });
  return (
    <div className="side-part">
      <h3 className="h">Commands</h3>
      {commands.error && (
        <ErrorBox
          what="Commands could not be read."
          error={commands.error}
          onRetry={() => commands.refetch()}
        />
      )}
      {commands.data?.length === 0 && <p className="t3">It was never told to do anything.</p>}
      <ul className="collectors" aria-label="Commands">
        {commands.data?.map((command) => (
          <Line
            key={command.commandId}
            tenant={tenant}
            command={command}
            now={now}
            revoked={agent.revokedMs > 0}
            onWish={setWish}
          />
        ))}
      </ul>
      {agent.revokedMs === 0 && (
        <GuardedButton permission={MAY} onClick={() => setWish({})}>
          Send a command
        </GuardedButton>
      )}
      {wish && <CommandDialog tenant={tenant} agent={agent} wish={wish} onClose={() => setWish(null)} />}
    </div>
  );
}

function Line({
  tenant,
  command,
  now,
  revoked,
  onWish,
}: {
  tenant: string;
  command: AgentCommand;
  now: number;
  revoked: boolean;
  onWish: (wish: Wish) => void;
}) {
  const [open, setOpen] = useState(false);
  const outcome = outcomeOf(command, now);
  const [words, className] = SAID[outcome];
  const member = memberOf(command.command);
  const known = ACTIONS.find((each) => each.member === member);
  const quarantined = command.result?.quarantineId ?? "";
  return (
    <li>
      <span>
        <HostileText text={wordsOf(member)} />
        {command.command.dryRun && <span className="chip o">dry run</span>}
      </span>
      <span className={className}>{words}</span>
      <span className="t3">
        <When ms={command.issuedMs} /> by <HostileText text={command.command.issuedBy} />
      </span>
      <span className="t2 detail m">
        <HostileText text={aboutOf(command.command)} />
      </span>
      {(command.command.reason || command.result?.detail) && (
        <span className="t2 detail">
          <HostileText text={[command.command.reason, command.result?.detail].filter(Boolean).join(": ")} />
        </span>
      )}
      {!isFinal(outcome) && command.expiresMs > 0 && (
        <span className="t3 detail">
          Begins before <When ms={command.expiresMs} /> or not at all
        </span>
      )}
      {command.result?.evidence.map((each) => (
        <Evidence key={each.uploadId || each.path} tenant={tenant} command={command} evidence={each} />
      ))}
      {quarantined && (
        <span className="t3 detail m">
          quarantine id <HostileText text={quarantined} />
        </span>
      )}
      <span className="detail acts">
        {!revoked && outcome === "done" && command.command.dryRun && known && (
          <GuardedButton
            permission={MAY}
            className="d"
            onClick={() => onWish({ member: known.member, message: signed(command, member) })}
          >
            {known.verb} now
          </GuardedButton>
        )}
        {!revoked && outcome === "done" && !command.command.dryRun && quarantined && (
          <GuardedButton
            permission={MAY}
            onClick={() => onWish({ member: "restoreFile", typed: { quarantineId: quarantined } })}
          >
            Restore this file
          </GuardedButton>
        )}
        {command.answeredMs > 0 && (
          <GuardedButton permission={MAY} className="q" onClick={() => setOpen(!open)}>
            {open ? "Hide output" : "Output"}
          </GuardedButton>
        )}
      </span>
      {open && <Output tenant={tenant} id={command.commandId} />}
    </li>
  );
}

function signed(command: AgentCommand, member: string): Record<string, unknown> {
  const message = (command.command as Record<string, unknown>)[member as Member];
  return typeof message === "object" && message !== null ? (message as Record<string, unknown>) : {};
}

type Collected = NonNullable<AgentCommand["result"]>["evidence"][number];

/** The agent's hash is shown, so that a download can be held to it. */
function Evidence({
  tenant,
  command,
  evidence,
}: {
  tenant: string;
  command: AgentCommand;
  evidence: Collected;
}) {
  const session = useSession();
  return (
    <span className="detail evidence">
      <span className="m">
        <HostileText text={evidence.path} />
      </span>{" "}
      <span className="t3">{bytes(evidence.sizeBytes)}</span>
      {evidence.uploadId && may(session, MAY) && (
        <>
          {" "}
          <a href={evidenceUrl(tenant, command.commandId, evidence.uploadId)} download>
            Download
          </a>
        </>
      )}
      {evidence.sha256 && <span className="m t3 hash">SHA-256 {hexOf(evidence.sha256)}</span>}
    </span>
  );
}

function Output({ tenant, id }: { tenant: string; id: string }) {
  const whole = useQuery({
    queryKey: ["agentcommand", tenant, id],
    queryFn: ({ signal }) => getCommand(tenant, id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (whole.error) {
    return (
      <ErrorBox what="The output could not be read." error={whole.error} onRetry={() => whole.refetch()} />
    );
  }
  if (!whole.data) return <span className="t3 detail">Reading it</span>;
  const output = textOf(whole.data.result?.output ?? "");
  if (output === "") return <span className="t3 detail">It has no output.</span>;
  return (
    <pre className="detail output m">
      <HostileText text={output} multiline />
    </pre>
  );
}

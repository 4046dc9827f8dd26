import { useState } from "react";
import { Link } from "wouter";
import { type Agent, type Heartbeat, revokeAgent } from "../api/agents";
import { GuardedButton } from "../app/permissions";
import { alertsWith } from "../app/routes";
import { toast } from "../app/toast";
import { Icon } from "../parts/Icon";
import { bytes, plural, short } from "../parts/numbers";
import { TextField } from "../parts/TextField";
import { When } from "../parts/When";
import { quote } from "../query/parseQuery";
import { HostileText, NameText } from "../text/HostileText";
import { duration } from "../time/format";
import { AgentCommands } from "./AgentCommands";
import { AgentState } from "./Agents";
import { ConfigurationDialog } from "./ConfigurationDialog";
import { ConfirmChange } from "./ConfirmChange";

/** One agent: identity, its last report, what it was told to do, and locking it out. */
export function AgentPanel({
  tenant,
  agent,
  onClose,
}: {
  tenant: string;
  agent: Agent;
  onClose: () => void;
}) {
  const [revoking, setRevoking] = useState(false);
  const [configuring, setConfiguring] = useState(false);
  return (
    <aside className="admin-side" aria-label="Agent">
      <header className="dialog-head">
        <h2 className="m">
          <NameText text={agent.host || agent.agentId} />
        </h2>
        <span className="sp" />
        <button type="button" className="btn q" onClick={onClose} aria-label="Close">
          <Icon name="x" />
        </button>
      </header>
      <Facts agent={agent} />
      {agent.heartbeat && <Report report={agent.heartbeat} />}
      <AgentCommands tenant={tenant} agent={agent} />
      <div className="side-part">
        <Link className="btn" href={alertsWith(tenant, `host:${quote(agent.host)}`)}>
          Alerts on this host
        </Link>
        {agent.revokedMs === 0 && (
          <GuardedButton permission="agents_manage" onClick={() => setConfiguring(true)}>
            Configuration
          </GuardedButton>
        )}
        {agent.revokedMs === 0 && (
          <GuardedButton permission="agents_manage" className="d" onClick={() => setRevoking(true)}>
            Revoke agent
          </GuardedButton>
        )}
      </div>
      {configuring && (
        <ConfigurationDialog tenant={tenant} agent={agent} onClose={() => setConfiguring(false)} />
      )}
      {revoking && <Revoke tenant={tenant} agent={agent} onClose={() => setRevoking(false)} />}
    </aside>
  );
}

function Facts({ agent }: { agent: Agent }) {
  const configuration = (version: number) => (version === 0 ? "its own" : `version ${version}`);
  return (
    <div className="side-part">
      <dl className="facts">
        <div>
          <dt>State</dt>
          <dd>
            <AgentState agent={agent} />
          </dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>
            <HostileText text={[agent.agentVersion, agent.platform].filter(Boolean).join(", ")} />
          </dd>
        </div>
        <div>
          <dt>Agent</dt>
          <dd className="m">
            <HostileText text={agent.agentId} />
          </dd>
        </div>
        <div>
          <dt>Last seen</dt>
          <dd>{agent.lastSeenMs ? <When ms={agent.lastSeenMs} /> : "never"}</dd>
        </div>
        <div>
          <dt>Certificate until</dt>
          <dd>
            <When ms={agent.certificateNotAfterMs} />
          </dd>
        </div>
        <div>
          <dt>Configuration</dt>
          <dd>
            {configuration(agent.configurationVersion)}
            {agent.wantedConfigurationVersion !== agent.configurationVersion &&
              `, should be ${configuration(agent.wantedConfigurationVersion)}`}
          </dd>
        </div>
        {agent.cloneFingerprint && (
          <div>
            <dt>Cloned</dt>
            <dd className="bad">
              Other hardware has this identity:{" "}
              <span className="m">
                <HostileText text={agent.cloneFingerprint} />
              </span>
            </dd>
          </div>
        )}
        {agent.revokedMs > 0 && (
          <div>
            <dt>Revoked</dt>
            <dd>
              <When ms={agent.revokedMs} /> <HostileText text={agent.revokedReason} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

const COLLECTOR_STATES: Record<string, [words: string, className: string]> = {
  COLLECTOR_STATE_RUNNING: ["running", "good"],
  COLLECTOR_STATE_OFF: ["off", "t3"],
  COLLECTOR_STATE_FAILED: ["failed", "bad"],
  COLLECTOR_STATE_UNAVAILABLE: ["not possible here", "t3"],
};

function Report({ report }: { report: Heartbeat }) {
  return (
    <div className="side-part">
      <h3 className="h">
        Last report{" "}
        <span className="t3">
          <When ms={Math.floor(report.timeUs / 1000)} />
        </span>
      </h3>
      <p className="t2 small">
        {plural(report.spoolEvents, "event")} ({bytes(report.spoolBytes)}) wait
        {report.spoolOldestMs > 0 && `, the oldest for ${duration(report.spoolOldestMs)}`}.{" "}
        {short(report.eventsSent)} of {short(report.eventsCollected)} sent, {short(report.eventsDropped)}{" "}
        dropped since it started. {bytes(report.residentBytes)} of memory,{" "}
        {duration(report.cpuSeconds * 1000)} of CPU.
      </p>
      <ul className="collectors">
        {report.collectors.map((each) => {
          const [words, className] = COLLECTOR_STATES[each.state] ?? ["unknown", "t3"];
          return (
            <li key={each.name}>
              <span className="m">
                <HostileText text={each.name} />
              </span>
              <span className={className}>{words}</span>
              <span className="t3">
                {short(each.events)} events
                {each.dropped > 0 && `, ${short(each.dropped)} dropped`}
                {each.restarts > 0 && `, ${plural(each.restarts, "restart")}`}
              </span>
              {each.detail && (
                <span className="t2 detail">
                  <HostileText text={each.detail} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Revoke({ tenant, agent, onClose }: { tenant: string; agent: Agent; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <ConfirmChange
      of="agents"
      tenant={tenant}
      verb="Revoke agent"
      name={agent.host || agent.agentId}
      typed
      change={() => revokeAgent(tenant, agent.agentId, reason.trim())}
      onDone={() => toast("Agent revoked")}
      onClose={onClose}
    >
      <p>
        Its stream ends within seconds, and nothing of it comes in any more. It has to enrol anew with another
        token.
      </p>
      <TextField label="Reason" hint="For the audit log" value={reason} maxLength={200} onValue={setReason} />
    </ConfirmChange>
  );
}

import { type Agent, listAgents } from "../api/agents";
import { useNow } from "../app/clock";
import { routes } from "../app/routes";
import { useUrlState } from "../app/urlState";
import { short } from "../parts/numbers";
import { EmptyState } from "../parts/states";
import { When } from "../parts/When";
import { HostileText, NameText } from "../text/HostileText";
import { duration } from "../time/format";
import { AdminList, useListed } from "./AdminList";
import { AgentPanel } from "./AgentPanel";

const POLL_MS = 10_000;

/** Endpoints that have enrolled, and how they are. */
export function Agents({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const selected = url.get("sel") ?? "";
  const list = useListed(
    "agents",
    tenant,
    listAgents,
    (agent) => [agent.host, agent.agentId, agent.platform, agent.agentVersion],
    () => POLL_MS,
  );
  const chosen = list.query.data?.find((agent) => agent.agentId === selected);
  const connected = (list.query.data ?? []).filter((agent) => agent.connected).length;
  return (
    <div className={`admin-split${chosen ? " has-side" : ""}`}>
      <AdminList
        title="Agents"
        about="Endpoints that have enrolled, and how they are"
        one="agent"
        list={list}
        empty={
          <EmptyState title="No agent has enrolled.">
            <a className="btn" href={routes.admin(tenant, "enrolment")}>
              Make an enrolment token
            </a>
          </EmptyState>
        }
        foot={`${connected} connected`}
        keyOf={(agent) => agent.agentId}
        selected={selected}
        columns={[
          {
            name: "Host",
            kind: "m",
            cell: (agent) => (
              <button
                type="button"
                className="btn q m"
                aria-expanded={agent.agentId === selected}
                onClick={() => change({ sel: agent.agentId === selected ? null : agent.agentId })}
              >
                <NameText text={agent.host || agent.agentId} />
              </button>
            ),
          },
          { name: "State", kind: "state", cell: (agent) => <AgentState agent={agent} /> },
          { name: "Platform", cell: (agent) => <HostileText text={agent.platform} /> },
          { name: "Version", kind: "m", cell: (agent) => <HostileText text={agent.agentVersion} /> },
          { name: "Waits to send", kind: "num", cell: (agent) => short(agent.heartbeat?.spoolEvents ?? 0) },
          { name: "Dropped", kind: "num", cell: (agent) => <Dropped agent={agent} /> },
          { name: "Enrolled", kind: "when", cell: (agent) => <When ms={agent.enrolledMs} /> },
        ]}
      />
      {chosen && (
        <AgentPanel
          key={chosen.agentId}
          tenant={tenant}
          agent={chosen}
          onClose={() => change({ sel: null })}
        />
      )}
    </div>
  );
}

/** The worst that there is to say. */
export function AgentState({ agent }: { agent: Agent }) {
  const now = useNow();
  if (agent.revokedMs > 0) return <span className="t3">Revoked</span>;
  if (agent.cloneFingerprint) return <span className="bad">Cloned</span>;
  if (agent.heartbeat?.networkIsolated) return <span className="warn-text">Isolated</span>;
  if (!agent.connected) {
    const since = agent.lastSeenMs ? `Away for ${duration(now - agent.lastSeenMs)}` : "Never seen";
    return <span className="warn-text">{since}</span>;
  }
  const failed = agent.heartbeat?.collectors.some((each) => each.state === "COLLECTOR_STATE_FAILED");
  if (failed) return <span className="warn-text">A collector failed</span>;
  if (agent.wantedConfigurationVersion !== agent.configurationVersion)
    return <span className="warn-text">Old configuration</span>;
  return <span className="good">Connected</span>;
}

function Dropped({ agent }: { agent: Agent }) {
  const dropped = agent.heartbeat?.eventsDropped ?? 0;
  return <span className={dropped > 0 ? "warn-text" : ""}>{short(dropped)}</span>;
}

import * as v from "valibot";
import { fetchJson, sendJson } from "./fetchJson";
import { allPages } from "./pages";
import { wireList, wireNumber, wireText } from "./wire";

/** AgentService: agents that have enrolled, and what came in. */

const Collector = v.object({
  name: wireText,
  state: wireText,
  events: wireNumber,
  dropped: wireNumber,
  restarts: wireNumber,
  detail: wireText,
});

const Heartbeat = v.object({
  timeUs: wireNumber,
  agentVersion: wireText,
  platform: wireText,
  javaVersion: wireText,
  spoolEvents: wireNumber,
  spoolBytes: wireNumber,
  spoolOldestMs: wireNumber,
  eventsCollected: wireNumber,
  eventsSent: wireNumber,
  eventsDropped: wireNumber,
  residentBytes: wireNumber,
  cpuSeconds: wireNumber,
  collectors: wireList(Collector),
  networkIsolated: v.optional(v.boolean(), false),
});
export type Heartbeat = v.InferOutput<typeof Heartbeat>;

const Agent = v.object({
  agentId: wireText,
  host: wireText,
  platform: wireText,
  agentVersion: wireText,
  enrolledMs: wireNumber,
  certificateNotAfterMs: wireNumber,
  revokedMs: wireNumber,
  revokedReason: wireText,
  cloneFingerprint: wireText,
  connected: v.optional(v.boolean(), false),
  lastSeenMs: wireNumber,
  configurationVersion: wireNumber,
  wantedConfigurationVersion: wireNumber,
  heartbeat: v.optional(Heartbeat),
});
export type Agent = v.InferOutput<typeof Agent>;

/** The action is the one member of the command that these do not name. */
const Command = v.looseObject({
  dryRun: v.optional(v.boolean(), false),
  reason: wireText,
  issuedBy: wireText,
});

export const AgentCommand = v.object({
  commandId: wireText,
  command: v.optional(Command, {}),
  issuedMs: wireNumber,
  expiresMs: wireNumber,
  sentMs: wireNumber,
  answeredMs: wireNumber,
  result: v.optional(
    v.object({
      status: wireText,
      code: wireText,
      detail: wireText,
      evidence: wireList(
        v.object({
          path: wireText,
          sizeBytes: wireNumber,
          /** Base64. */
          sha256: wireText,
          uploadId: wireText,
        }),
      ),
      /** Base64; lists leave it out. */
      output: wireText,
      quarantineId: wireText,
    }),
  ),
});
export type AgentCommand = v.InferOutput<typeof AgentCommand>;

const Hour = v.object({
  hourMs: wireNumber,
  way: wireText,
  events: wireNumber,
  bytes: wireNumber,
  overQuota: wireNumber,
  overQuotaEvents: wireNumber,
  refusedEvents: wireNumber,
});
export type UsageHour = v.InferOutput<typeof Hour>;

const AgentList = v.object({ agents: wireList(Agent), nextPageToken: wireText });
const CommandList = v.object({ commands: wireList(AgentCommand), nextPageToken: wireText });
const Usage = v.object({ hours: wireList(Hour) });

const enc = encodeURIComponent;
const url = (tenant: string, part: string) => `/v1/tenants/${enc(tenant)}/${part}`;

export function listAgents(tenant: string, signal?: AbortSignal) {
  return allPages(async (params) => {
    const page = await fetchJson(AgentList, `${url(tenant, "agents")}?${params}`, signal);
    return { items: page.agents, nextPageToken: page.nextPageToken };
  });
}

export function revokeAgent(tenant: string, id: string, reason: string) {
  return sendJson(Agent, "POST", url(tenant, `agents/${enc(id)}:revoke`), { reason });
}

/** The newest, without their output. */
export async function listCommands(tenant: string, agent: string, signal?: AbortSignal) {
  const params = new URLSearchParams({ agent_id: agent, page_size: "20" });
  return (await fetchJson(CommandList, `${url(tenant, "agentcommands")}?${params}`, signal)).commands;
}

/** With its output. */
export function getCommand(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(AgentCommand, url(tenant, `agentcommands/${enc(id)}`), signal);
}

export function sendCommand(
  tenant: string,
  agent: string,
  asked: {
    /** The action, as the protobuf calls it. */
    member: string;
    message: Record<string, unknown>;
    dryRun: boolean;
    reason: string;
    validSeconds: number;
  },
) {
  const { member, message, dryRun, reason, validSeconds } = asked;
  return sendJson(AgentCommand, "POST", url(tenant, `agents/${enc(agent)}/commands`), {
    command: { [member]: message, dryRun, reason },
    validSeconds,
  });
}

const Configuration = v.object({
  /** Empty: of all agents that have none of their own. */
  agentId: wireText,
  version: wireNumber,
  content: wireText,
});
export type AgentConfiguration = v.InferOutput<typeof Configuration>;
const ConfigurationList = v.object({ configurations: wireList(Configuration) });

export async function listConfigurations(tenant: string, signal?: AbortSignal) {
  return (await fetchJson(ConfigurationList, url(tenant, "agentconfigurations"), signal)).configurations;
}

/** @param asked `baseVersion` is the version that the change was made on, 0 for none */
export function putConfiguration(
  tenant: string,
  asked: { agentId: string; content: string; baseVersion: number },
) {
  const body = { ...asked, baseVersion: String(asked.baseVersion) };
  return sendJson(Configuration, "PUT", url(tenant, "agentconfigurations"), body);
}

/** Where a collected file is to be downloaded. */
export const evidenceUrl = (tenant: string, command: string, upload: string): string =>
  url(tenant, `agentcommands/${enc(command)}/evidence/${enc(upload)}`);

export async function getUsage(tenant: string, fromMs: number, toMs: number, signal?: AbortSignal) {
  const params = new URLSearchParams({ from_ms: String(fromMs), to_ms: String(toMs) });
  return (await fetchJson(Usage, `${url(tenant, "ingestusage")}?${params}`, signal)).hours;
}

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

const AgentCommand = v.object({
  commandId: wireText,
  command: v.optional(Command, {}),
  issuedMs: wireNumber,
  expiresMs: wireNumber,
  sentMs: wireNumber,
  answeredMs: wireNumber,
  result: v.optional(v.object({ status: wireText, code: wireText, detail: wireText })),
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

export async function getUsage(tenant: string, fromMs: number, toMs: number, signal?: AbortSignal) {
  const params = new URLSearchParams({ from_ms: String(fromMs), to_ms: String(toMs) });
  return (await fetchJson(Usage, `${url(tenant, "ingestusage")}?${params}`, signal)).hours;
}

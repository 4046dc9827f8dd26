import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { wireList, wireLogSource, wireNumber } from "./wire";

const SeenLogSource = v.object({
  logSource: wireLogSource,
  events: wireNumber,
  newestMs: wireNumber,
  newestIngestMs: wireNumber,
});
export type SeenLogSource = v.InferOutput<typeof SeenLogSource>;

const LogSources = v.object({ logSources: wireList(SeenLogSource) });

/** Where a tenant's events of the last 24 h came from. */
export function listLogSources(tenant: string, signal?: AbortSignal) {
  return fetchJson(LogSources, `/v1/tenants/${encodeURIComponent(tenant)}/logsources`, signal);
}

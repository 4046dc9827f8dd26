import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { wireList, wireNumber, wireText } from "./wire";

const DeadLetterSample = v.object({
  timeMs: wireNumber,
  code: wireText,
  reason: wireText,
  topic: wireText,
  partition: wireNumber,
  offset: wireNumber,
  tenantId: wireText,
  sample: wireText,
  recordBytes: wireNumber,
});
export type DeadLetterSample = v.InferOutput<typeof DeadLetterSample>;

const DeadLetters = v.object({
  deadLetters: wireList(DeadLetterSample),
  codes: wireList(v.object({ code: wireText, count: wireNumber, newestMs: wireNumber })),
});

/** Records of a tenant that could not be read, with the beginning of each. */
export function listDeadLetters(tenant: string, code: string, signal?: AbortSignal) {
  const params = new URLSearchParams({ limit: "100" });
  if (code) params.set("code", code);
  return fetchJson(DeadLetters, `/v1/tenants/${encodeURIComponent(tenant)}/deadletters?${params}`, signal);
}

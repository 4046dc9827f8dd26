import * as v from "valibot";
import { fetchJson } from "./fetchJson";
import { wireList, wireNumber, wireText } from "./wire";

const AuditRecord = v.object({
  sequence: wireNumber,
  /** Microseconds. */
  timeUs: wireNumber,
  actor: wireText,
  method: wireText,
  resource: wireText,
  outcome: wireText,
  detail: wireText,
  requestId: wireText,
  remoteAddress: wireText,
  previousHash: wireText,
  hash: wireText,
});
export type AuditRecord = v.InferOutput<typeof AuditRecord>;

const AuditPage = v.object({ records: wireList(AuditRecord), nextPageToken: wireText });

const ChainCheck = v.object({
  intact: v.optional(v.boolean(), false),
  records: wireNumber,
  head: wireText,
  brokenSequence: wireNumber,
  brokenDay: wireText,
  reason: wireText,
  signedDays: wireNumber,
});
export type ChainCheck = v.InferOutput<typeof ChainCheck>;

/** Passed on as the server wrote it: who checks the proofs needs every member. */
const ExportPage = v.object({
  root: v.optional(v.record(v.string(), v.unknown()), {}),
  records: wireList(v.record(v.string(), v.unknown())),
  nextPageToken: wireText,
});

const url = (tenant: string, method: string) => `/v1/tenants/${encodeURIComponent(tenant)}/audit${method}`;

export function listAuditRecords(
  tenant: string,
  asked: { size: number; token: string; actor: string; outcome: string },
  signal?: AbortSignal,
) {
  const params = new URLSearchParams({ page_size: String(asked.size) });
  if (asked.token) params.set("page_token", asked.token);
  if (asked.actor) params.set("actor", asked.actor);
  if (asked.outcome) params.set("outcome", asked.outcome);
  return fetchJson(AuditPage, `${url(tenant, "")}?${params}`, signal);
}

export function verifyChain(tenant: string) {
  return fetchJson(ChainCheck, url(tenant, ":verify"));
}

/** All records of a signed day, each with its proof. */
export async function exportAuditDay(tenant: string, day: string) {
  const params = new URLSearchParams({ day, page_size: "1000" });
  const first = await fetchJson(ExportPage, `${url(tenant, ":export")}?${params}`);
  const records = [...first.records];
  let token = first.nextPageToken;
  while (token) {
    params.set("page_token", token);
    const next = await fetchJson(ExportPage, `${url(tenant, ":export")}?${params}`);
    records.push(...next.records);
    token = next.records.length > 0 ? next.nextPageToken : "";
  }
  return { root: first.root, records };
}

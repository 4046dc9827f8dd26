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

const DayRoot = v.looseObject({
  tenantId: wireText,
  day: wireText,
  firstSequence: wireNumber,
  lastSequence: wireNumber,
  root: wireText,
  signature: wireText,
  publicKey: wireText,
  signedMs: wireNumber,
});
export type DayRoot = v.InferOutput<typeof DayRoot>;

const ProvenRecord = v.looseObject({
  record: AuditRecord,
  leafIndex: wireNumber,
  path: wireList(v.string()),
});
export type ProvenRecord = v.InferOutput<typeof ProvenRecord>;

export const ExportedDay = v.object({
  root: v.optional(DayRoot, {}),
  records: wireList(ProvenRecord),
  nextPageToken: wireText,
});

/** Passed on as the server wrote it: who checks the proofs needs every member. */
const ExportPage = v.object({
  root: v.optional(v.record(v.string(), v.unknown()), {}),
  records: wireList(v.record(v.string(), v.unknown())),
  nextPageToken: wireText,
});

const url = (tenant: string, method: string) => `/v1/tenants/${encodeURIComponent(tenant)}/audit${method}`;

/** What is asked of the log; what is empty or absent does not filter. */
export interface AuditQuestion {
  size: number;
  token: string;
  actor: string;
  /** How the method's name ends. */
  method: string;
  outcome: string;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

export function listAuditRecords(tenant: string, asked: AuditQuestion, signal?: AbortSignal) {
  const params = new URLSearchParams({ page_size: String(asked.size) });
  if (asked.token) params.set("page_token", asked.token);
  if (asked.actor) params.set("actor", asked.actor);
  if (asked.method) params.set("method", asked.method);
  if (asked.outcome) params.set("outcome", asked.outcome);
  if (asked.fromMs) params.set("from_ms", String(Math.floor(asked.fromMs)));
  if (asked.toMs) params.set("to_ms", String(Math.ceil(asked.toMs)));
  return fetchJson(AuditPage, `${url(tenant, "")}?${params}`, signal);
}

export function verifyChain(tenant: string) {
  return fetchJson(ChainCheck, url(tenant, ":verify"));
}

/** The root of a day and its signature. */
export async function getDaySeal(tenant: string, day: string, signal?: AbortSignal): Promise<DayRoot> {
  const params = new URLSearchParams({ day, page_size: "1" });
  return (await fetchJson(ExportedDay, `${url(tenant, ":export")}?${params}`, signal)).root;
}

/** A record with the proof that its day's root includes it; null when the day does not have it. */
export async function getProof(tenant: string, day: string, sequence: number) {
  const params = new URLSearchParams({ day, page_size: "1000" });
  for (;;) {
    const page = await fetchJson(ExportedDay, `${url(tenant, ":export")}?${params}`);
    const proven = page.records.find((each) => each.record.sequence === sequence);
    if (proven) return { root: page.root, proven };
    if (!page.nextPageToken || page.records.length === 0) return null;
    params.set("page_token", page.nextPageToken);
  }
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

import * as v from "valibot";
import { fetchJson, sendJson } from "./fetchJson";
import { allPages } from "./pages";
import { wireList, wireNumber, wireText } from "./wire";

/** TenantService: tenants and what is set for them. */

const Tenant = v.object({
  tenantId: wireText,
  displayName: wireText,
  createdMs: wireNumber,
  deletedMs: wireNumber,
  suspendedMs: wireNumber,
});
export type Tenant = v.InferOutput<typeof Tenant>;

const Retention = v.object({ eventsDays: wireNumber, alertsDays: wireNumber });
export type Retention = v.InferOutput<typeof Retention>;

/** Absent is unlimited, which is not the same as 0. */
const limit = v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(Number)));
const Quotas = v.object({
  eventsPerSecond: limit,
  bytesPerDay: limit,
  users: limit,
  apiKeys: limit,
  rules: limit,
  bytesPerSecond: limit,
  burstSeconds: limit,
});
export type Quotas = v.InferOutput<typeof Quotas>;

/** Kept as the server wrote it too: who checks the signature needs every member. */
const Certificate = v.looseObject({
  certificateId: wireText,
  tenantId: wireText,
  deletedMs: wireNumber,
  deletedBy: wireText,
  counts: wireList(v.object({ place: wireText, rows: wireNumber })),
  kept: wireList(v.string()),
  keyId: wireText,
  signature: wireText,
});
export type Certificate = v.InferOutput<typeof Certificate>;

const EnrolmentToken = v.object({
  tokenId: wireText,
  comment: wireText,
  createdBy: wireText,
  createdMs: wireNumber,
  expiresMs: wireNumber,
  usedMs: wireNumber,
  usedBy: wireText,
  revokedMs: wireNumber,
});
export type EnrolmentToken = v.InferOutput<typeof EnrolmentToken>;

const ValueList = v.object({
  name: wireText,
  version: wireNumber,
  entries: wireList(v.string()),
  changedBy: wireText,
  changedMs: wireNumber,
  /** The rules in force have this version. */
  deployed: v.optional(v.boolean(), false),
  /** That run and name it; the first of them by title. */
  rules: wireNumber,
  usedBy: wireList(v.object({ ruleId: wireText, title: wireText })),
});
export type ValueList = v.InferOutput<typeof ValueList>;

const TenantList = v.object({ tenants: wireList(Tenant), nextPageToken: wireText });
const TokenList = v.object({ tokens: wireList(EnrolmentToken), nextPageToken: wireText });
const CreatedToken = v.object({ token: v.optional(EnrolmentToken), secret: wireText });
const Lists = v.object({ lists: wireList(ValueList), nextPageToken: wireText });
const Nothing = v.object({});

const enc = encodeURIComponent;
const tenantUrl = (tenant: string, part = "") => `/v1/tenants/${enc(tenant)}${part}`;

/** Operators see all, everyone else their own. */
export function listTenants(signal?: AbortSignal) {
  return allPages(async (params) => {
    const page = await fetchJson(TenantList, `/v1/tenants?${params}`, signal);
    return { items: page.tenants, nextPageToken: page.nextPageToken };
  });
}

export function createTenant(tenant: { tenantId: string; displayName: string }) {
  return sendJson(Tenant, "POST", "/v1/tenants", tenant);
}

export function renameTenant(tenant: string, displayName: string) {
  return sendJson(Tenant, "PATCH", tenantUrl(tenant), { displayName, updateMask: "displayName" });
}

/** Nothing of a suspended tenant comes in; what it has stays. */
export function suspendTenant(tenant: string, reason: string) {
  return sendJson(Tenant, "POST", tenantUrl(tenant, ":suspend"), { reason });
}

export function resumeTenant(tenant: string) {
  return sendJson(Tenant, "POST", tenantUrl(tenant, ":resume"), {});
}

/** Everything of it goes, except its audit log; the answer says what went. */
export function deleteTenant(tenant: string, confirm: string) {
  return sendJson(Certificate, "DELETE", `${tenantUrl(tenant)}?confirm=${enc(confirm)}`);
}

export function getRetention(tenant: string, signal?: AbortSignal) {
  return fetchJson(Retention, tenantUrl(tenant, "/retention"), signal);
}

export function setRetention(tenant: string, retention: Retention) {
  return sendJson(Retention, "PUT", tenantUrl(tenant, "/retention"), retention);
}

export function getQuotas(tenant: string, signal?: AbortSignal) {
  return fetchJson(Quotas, tenantUrl(tenant, "/quotas"), signal);
}

/** 64-bit numbers travel as text. */
export function setQuotas(tenant: string, limits: Quotas) {
  const quotas = Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, limit === undefined ? undefined : String(limit)]),
  );
  return sendJson(Quotas, "PUT", tenantUrl(tenant, "/quotas"), { quotas });
}

export function listEnrolmentTokens(tenant: string, signal?: AbortSignal) {
  return allPages(async (params) => {
    const page = await fetchJson(TokenList, `${tenantUrl(tenant, "/enrolmenttokens")}?${params}`, signal);
    return { items: page.tokens, nextPageToken: page.nextPageToken };
  });
}

export function createEnrolmentToken(tenant: string, token: { comment: string; validHours: number }) {
  return sendJson(CreatedToken, "POST", tenantUrl(tenant, "/enrolmenttokens"), token);
}

export function revokeEnrolmentToken(tenant: string, id: string) {
  return sendJson(EnrolmentToken, "POST", tenantUrl(tenant, `/enrolmenttokens/${enc(id)}:revoke`), {});
}

/** With their entries, so fewer to a page. */
export function listValueLists(tenant: string, signal?: AbortSignal) {
  return allPages(async (params) => {
    const page = await fetchJson(Lists, `${tenantUrl(tenant, "/valuelists")}?${params}`, signal);
    return { items: page.lists, nextPageToken: page.nextPageToken };
  }, 50);
}

/** @param baseVersion the version that was edited; 0 for a new list */
export function putValueList(
  tenant: string,
  list: { name: string; entries: readonly string[]; baseVersion: number },
) {
  const { name, ...body } = list;
  return sendJson(ValueList, "PUT", tenantUrl(tenant, `/valuelists/${enc(name)}`), body);
}

/** @param force also when rules name it */
export function deleteValueList(tenant: string, name: string, force: boolean) {
  const query = force ? "?force=true" : "";
  return sendJson(Nothing, "DELETE", tenantUrl(tenant, `/valuelists/${enc(name)}${query}`));
}

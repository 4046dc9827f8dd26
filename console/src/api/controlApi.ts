import { fetchJson } from "./fetchJson";
import { type AlertFilter, filterParams } from "./filter";
import { AlertDetail, AlertList, AlertSummary, EventList, PipelineHealth, Rule, RuleList } from "./wire";

export const PAGE_SIZE = 200;

const tenantUrl = (tenant: string) => `/v1/tenants/${encodeURIComponent(tenant)}`;

function withParams(url: string, params: URLSearchParams): string {
  const query = params.toString();
  return query ? `${url}?${query}` : url;
}

export function listAlerts(
  tenant: string,
  filter: AlertFilter,
  page: { size?: number; token?: string },
  signal?: AbortSignal,
) {
  const params = filterParams(filter);
  params.set("page_size", String(page.size ?? PAGE_SIZE));
  if (page.token) params.set("page_token", page.token);
  return fetchJson(AlertList, withParams(`${tenantUrl(tenant)}/alerts`, params), signal);
}

export function getAlert(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(AlertDetail, `${tenantUrl(tenant)}/alerts/${encodeURIComponent(id)}`, signal);
}

export function summarizeAlerts(tenant: string, filter: AlertFilter, buckets: number, signal?: AbortSignal) {
  const params = filterParams(filter);
  params.set("buckets", String(buckets));
  return fetchJson(AlertSummary, withParams(`${tenantUrl(tenant)}/alerts:summary`, params), signal);
}

export function alertStreamUrl(tenant: string, filter: AlertFilter, cursor: string): string {
  const params = filterParams(filter);
  if (cursor) params.set("cursor", cursor);
  return withParams(`${tenantUrl(tenant)}/alerts:stream`, params);
}

export function listEvents(
  tenant: string,
  range: { fromMs: number; toMs: number; host: string; size: number },
  signal?: AbortSignal,
) {
  const params = new URLSearchParams({
    from_ms: String(Math.floor(range.fromMs)),
    to_ms: String(Math.ceil(range.toMs)),
    host: range.host,
    page_size: String(range.size),
  });
  return fetchJson(EventList, withParams(`${tenantUrl(tenant)}/events`, params), signal);
}

const STAGES = ["DRAFT", "SHADOW", "LIVE", "RETIRED"].map((stage) => ["stages", `RULE_STAGE_${stage}`]);

/** Rules of all stages and kinds. */
export async function listRules(tenant: string, signal?: AbortSignal) {
  const url = `${tenantUrl(tenant)}/rules`;
  const all = new URLSearchParams([["page_size", "1000"], ...STAGES]);
  const first = await fetchJson(RuleList, withParams(url, all), signal);
  const rules = [...first.rules];
  let token = first.nextPageToken;
  while (token) {
    const params = new URLSearchParams([["page_size", "1000"], ...STAGES, ["page_token", token]]);
    const next = await fetchJson(RuleList, withParams(url, params), signal);
    rules.push(...next.rules);
    token = next.rules.length > 0 ? next.nextPageToken : "";
  }
  return { ...first, rules };
}

export function getRule(tenant: string, id: string, signal?: AbortSignal) {
  return fetchJson(Rule, `${tenantUrl(tenant)}/rules/${encodeURIComponent(id)}`, signal);
}

export function getPipelineHealth(signal?: AbortSignal) {
  return fetchJson(PipelineHealth, "/v1/pipeline/health", signal);
}

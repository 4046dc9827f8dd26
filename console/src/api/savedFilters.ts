import * as v from "valibot";
import { fetchJson, sendJson } from "./fetchJson";
import { wireList, wireNumber, wireText } from "./wire";

/** SavedFilterService: queries of the alert queue under a name, one's own or shared. */
const SavedFilter = v.object({
  filterId: wireText,
  name: wireText,
  query: wireText,
  owner: wireText,
  shared: v.optional(v.boolean(), false),
  /** Whether the caller may change it. */
  mine: v.optional(v.boolean(), false),
  changedMs: wireNumber,
});
export type SavedFilter = v.InferOutput<typeof SavedFilter>;

const List = v.object({ filters: wireList(SavedFilter) });
const Nothing = v.object({});

const enc = encodeURIComponent;
const url = (tenant: string, id = "") => `/v1/tenants/${enc(tenant)}/savedfilters${id && `/${enc(id)}`}`;

type Said = Pick<SavedFilter, "name" | "query" | "shared">;

export async function listSavedFilters(tenant: string, signal?: AbortSignal) {
  return (await fetchJson(List, url(tenant), signal)).filters;
}

/** Makes one, or changes the one of that id. */
export function saveFilter(tenant: string, id: string, said: Said) {
  return id
    ? sendJson(SavedFilter, "PUT", url(tenant, id), said)
    : sendJson(SavedFilter, "POST", url(tenant), said);
}

export function deleteSavedFilter(tenant: string, id: string) {
  return sendJson(Nothing, "DELETE", url(tenant, id));
}

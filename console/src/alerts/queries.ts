import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getAlert, getRule, listAlerts, listEvents, listRules, summarizeAlerts } from "../api/controlApi";
import type { AlertFilter } from "../api/filter";

const MINUTE_MS = 60_000;

/** Alerts do not change once raised, but their event may age out. */
export function useAlert(tenant: string, id: string) {
  return useQuery({
    queryKey: ["alert", tenant, id],
    queryFn: ({ signal }) => getAlert(tenant, id, signal),
    enabled: id !== "",
    staleTime: 5 * MINUTE_MS,
  });
}

export function useRules(tenant: string) {
  return useQuery({
    queryKey: ["rules", tenant],
    queryFn: ({ signal }) => listRules(tenant, signal),
    staleTime: MINUTE_MS,
  });
}

export function useRule(tenant: string, id: string) {
  return useQuery({
    queryKey: ["rule", tenant, id],
    queryFn: ({ signal }) => getRule(tenant, id, signal),
    enabled: id !== "",
    staleTime: MINUTE_MS,
  });
}

/** `filterAt` gives the filter for a moment, so that a running range runs on at each reading. */
export function useSummary(
  tenant: string,
  key: string,
  filterAt: (now: number) => AlertFilter,
  options: { buckets: number; refetchMs?: number; enabled?: boolean },
) {
  return useQuery({
    queryKey: ["summary", tenant, key, options.buckets],
    queryFn: ({ signal }) => summarizeAlerts(tenant, filterAt(Date.now()), options.buckets, signal),
    placeholderData: keepPreviousData,
    staleTime: 5000,
    refetchInterval: options.refetchMs || false,
    enabled: options.enabled ?? true,
  });
}

/** Some alerts of a fixed filter: of a rule, of a host around a time. */
export function useSomeAlerts(tenant: string, filter: AlertFilter, size: number, enabled = true) {
  return useQuery({
    queryKey: ["some-alerts", tenant, filter, size],
    queryFn: ({ signal }) => listAlerts(tenant, filter, { size }, signal),
    staleTime: MINUTE_MS,
    enabled,
  });
}

export function useHostEvents(
  tenant: string,
  range: { host: string; fromMs: number; toMs: number; size: number },
  enabled: boolean,
) {
  return useQuery({
    queryKey: ["events", tenant, range],
    queryFn: ({ signal }) => listEvents(tenant, range, signal),
    staleTime: MINUTE_MS,
    enabled: enabled && range.host !== "",
  });
}

import { useQuery } from "@tanstack/react-query";
import { listAlerts } from "../api/controlApi";
import { getRuleStatus } from "../api/deployments";
import { ApiError } from "../api/fetchJson";
import { getRuleVersion, listRuleHistory, listRuleVersions } from "../api/rules";

const STATUS_EVERY_MS = 2000;
const DAY_MS = 86_400_000;

/** Asked only of rules that are kept: the others have no status. */
export function useRuleStatus(tenant: string, ruleId: string, kept: boolean) {
  return useQuery({
    queryKey: ["rulestatus", tenant, ruleId],
    queryFn: ({ signal }) => getRuleStatus(tenant, ruleId, signal),
    enabled: kept && ruleId !== "",
    refetchInterval: (query) => (isMissing(query.state.error) ? false : STATUS_EVERY_MS),
    placeholderData: (previous) => previous,
    retry: (failures, error) => failures < 2 && !isMissing(error),
  });
}

const isMissing = (error: Error | null) => error instanceof ApiError && error.code === "NOT_FOUND";

/** The newest first. */
export function useRuleVersions(tenant: string, ruleId: string, kept: boolean) {
  return useQuery({
    queryKey: ["ruleversions", tenant, ruleId],
    queryFn: ({ signal }) => listRuleVersions(tenant, ruleId, signal),
    enabled: kept && ruleId !== "",
    retry: false,
  });
}

/** Versions never change. */
export function useRuleVersion(tenant: string, ruleId: string, version: number) {
  return useQuery({
    queryKey: ["ruleversion", tenant, ruleId, version],
    queryFn: ({ signal }) => getRuleVersion(tenant, ruleId, version, signal),
    enabled: ruleId !== "" && version > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useRuleHistory(tenant: string, ruleId: string, enabled: boolean) {
  return useQuery({
    queryKey: ["rulehistory", tenant, ruleId],
    queryFn: ({ signal }) => listRuleHistory(tenant, ruleId, signal),
    enabled: enabled && ruleId !== "",
    refetchInterval: 10_000,
    retry: false,
  });
}

/** How many alerts of a rule the store has of the last 24 h, live ones or those in shadow. */
export function useAlertCount(tenant: string, ruleId: string, shadow: boolean, enabled: boolean) {
  return useQuery({
    queryKey: ["alertcount", tenant, ruleId, shadow],
    queryFn: async ({ signal }) => {
      const filter = { ruleId, fromMs: Date.now() - DAY_MS, ...(shadow ? { shadow } : {}) };
      return (await listAlerts(tenant, filter, { size: 1 }, signal)).total;
    },
    enabled: enabled && ruleId !== "",
    refetchInterval: 10_000,
    retry: false,
  });
}

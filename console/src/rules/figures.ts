import { useQuery } from "@tanstack/react-query";
import { listRuleStatus } from "../api/deployments";
import { listRuleFigures } from "../api/rules";

const EVERY_MS = 10_000;

/** What runs, and what each version has counted, as the job's subtasks said last. */
export function useRuleStatuses(tenant: string) {
  return useQuery({
    queryKey: ["rulestatus", tenant],
    queryFn: ({ signal }) => listRuleStatus(tenant, signal),
    refetchInterval: EVERY_MS,
    placeholderData: (previous) => previous,
  });
}

/** What people said of rules' alerts, and how many there were. */
export function useRuleFigures(tenant: string) {
  return useQuery({
    queryKey: ["rulefigures", tenant],
    queryFn: ({ signal }) => listRuleFigures(tenant, signal),
    refetchInterval: 30_000,
    placeholderData: (previous) => previous,
    retry: false,
  });
}

import { useQuery } from "@tanstack/react-query";
import { listRuleStatus, type RuleStatus } from "../api/deployments";

const EVERY_MS = 5000;

/** What runs, and what each version has counted, as the job's subtasks said last. */
export function useRuleStatuses(tenant: string) {
  return useQuery({
    queryKey: ["rulestatus", tenant],
    queryFn: ({ signal }) => listRuleStatus(tenant, signal),
    refetchInterval: EVERY_MS,
    placeholderData: (previous) => previous,
  });
}

export type Placed = Pick<RuleStatus, "version" | "stage" | "tenants">;

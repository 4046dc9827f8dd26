import { useMemo } from "react";
import { useRules } from "../alerts/queries";
import { useRuleFigures, useRuleStatuses } from "./figures";
import { ruleRows } from "./rows";

/** Rules with what runs of them and what it did; each part comes when it comes. */
export function useRuleRows(tenant: string) {
  const rules = useRules(tenant);
  const statuses = useRuleStatuses(tenant);
  const figures = useRuleFigures(tenant);
  const rows = useMemo(
    () => ruleRows(rules.data?.rules ?? [], statuses.data?.rules ?? [], figures.data?.rules ?? []),
    [rules.data, statuses.data, figures.data],
  );
  return { rules, statuses, rows };
}

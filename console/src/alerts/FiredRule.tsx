import { Link } from "wouter";
import { ApiError } from "../api/fetchJson";
import type { AlertDetail } from "../api/wire";
import { routes } from "../app/routes";
import { Key } from "../parts/Key";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { RuleSource } from "../rules/RuleSource";
import { HostileText } from "../text/HostileText";
import { useRuleVersion } from "../workbench/queries";
import { useRule } from "./queries";

/** The text of the version that fired, whatever runs by now. */
export function FiredRule({ tenant, detail }: { tenant: string; detail: AlertDetail }) {
  const { alert } = detail;
  const fired = useRuleVersion(tenant, alert.ruleId, alert.ruleVersion);
  const now = useRule(tenant, alert.ruleId);
  const same = now.data && (now.data.version === alert.ruleVersion || now.data.hash === detail.ruleHash);
  const source = fired.data?.source || (same ? now.data?.source : "") || "";
  if (!source && (fired.isPending || now.isPending)) return <Skeleton rows={14} label="Loading the rule" />;
  if (!source) {
    const missing = fired.error instanceof ApiError && fired.error.code === "NOT_FOUND";
    return missing || !fired.error ? (
      <EmptyState title={`The text of version ${alert.ruleVersion} is not kept any more.`}>
        <Link className="btn" href={routes.rule(tenant, alert.ruleId)}>
          Open the rule as it is now
        </Link>
      </EmptyState>
    ) : (
      <ErrorBox what="The rule could not be read." error={fired.error} onRetry={() => fired.refetch()} />
    );
  }
  const newer = now.data && now.data.version !== alert.ruleVersion ? now.data.version : 0;
  return (
    <section className="panel fired" aria-label="Rule that fired">
      <div className="ph">
        <h2>
          <HostileText text={alert.title} />
        </h2>
        <span className="t3">
          version {alert.ruleVersion}, as it fired
          {newer > 0 ? `; by now version ${newer} runs` : ", and as it runs now"}
        </span>
        <span className="sp" />
        {newer > 0 && (
          <Link
            className="btn low"
            href={`${routes.workbench(tenant, alert.ruleId)}?diff=${alert.ruleVersion}`}
          >
            What changed since
          </Link>
        )}
        <Link className="btn low" href={routes.rule(tenant, alert.ruleId)}>
          Open rule <Key name="w" />
        </Link>
      </div>
      <RuleSource source={source} />
    </section>
  );
}

import { Link } from "wouter";
import type { AlertRow } from "../api/wire";
import { useNow } from "../app/clock";
import { routes } from "../app/routes";
import { NameText } from "../text/HostileText";
import { duration } from "../time/format";
import { useSomeAlerts } from "./queries";

/** The latest other alerts of a rule, `most` of them, and how many it has in all. */
export function useLatestOfRule(tenant: string, alert: { ruleId: string; alertId: string }, most: number) {
  const { data } = useSomeAlerts(tenant, { ruleId: alert.ruleId }, most + 1);
  const others = data?.alerts.filter((other) => other.alertId !== alert.alertId).slice(0, most) ?? [];
  return { others, total: data?.total ?? 0 };
}

export function AlertLinks({
  tenant,
  alerts,
  className = "",
}: {
  tenant: string;
  alerts: readonly AlertRow[];
  className?: string;
}) {
  const now = useNow();
  return (
    <ul className={`sm3 ${className}`}>
      {alerts.map((alert) => (
        <li key={alert.alertId}>
          <Link className="m" href={routes.alert(tenant, alert.alertId)}>
            {alert.alertId.slice(0, 8)}
          </Link>
          <span className="m el">
            <NameText text={alert.host} />
          </span>
          <span className="m el t2">
            <NameText text={alert.user} />
          </span>
          <span className="t3 num">{duration(now - alert.timeMs)}</span>
        </li>
      ))}
    </ul>
  );
}

import { Link } from "wouter";
import type { AlertDetail } from "../api/wire";
import { useNow } from "../app/clock";
import { routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { whole } from "../parts/numbers";
import { LEVEL_NAME, Severity } from "../parts/Severity";
import { HostileText, NameText } from "../text/HostileText";
import { clockMillis, dayMonth, duration, full, zoneLabel } from "../time/format";
import { StateGlyph } from "../triage/StateGlyph";
import { NEEDS_ROLE } from "../triage/TriageButtons";
import type { Asked } from "../triage/VerdictDialog";
import { shortName, VERDICT_NAME } from "../triage/verdicts";
import { copyLink } from "./Preview";
import { backSearch, type QueueMemory } from "./queueMemory";

/** An alert in short, the way back to its queue, and what can be done with it. */
export function AlertHeader({
  tenant,
  detail,
  at,
  queue,
  allowed,
  onAsk,
  onAssign,
}: {
  tenant: string;
  detail: AlertDetail;
  at: number;
  queue: QueueMemory | null;
  allowed: boolean;
  onAsk: (what: Asked["what"]) => void;
  onAssign: () => void;
}) {
  const { alert } = detail;
  const { zone } = useSettings();
  const now = useNow();
  return (
    <header className="hdr">
      <div className="bc">
        <Link href={routes.alerts(tenant, backSearch(queue, alert.alertId))}>Alerts</Link>
        <Icon name="right" />
        <span>{LEVEL_NAME[alert.level]}</span>
        <Icon name="right" />
        <span className="m">{alert.alertId.slice(0, 8)}</span>
        {at >= 0 && queue && (
          <>
            <span className="sep" />
            <span>
              {whole(at + 1)} of {whole(queue.total)}
            </span>
            <Key name="j" />
            <Key name="k" />
          </>
        )}
      </div>
      <h1>
        <Severity level={alert.level} large />
        <span className="el">
          <HostileText text={alert.title} />
        </span>
      </h1>
      <div className="meta">
        {alert.host && (
          <span className="m b tx1 el">
            <NameText text={alert.host} />
          </span>
        )}
        {alert.user && (
          <span className="m b tx1 el">
            <NameText text={alert.user} />
          </span>
        )}
        {alert.techniqueIds.map((technique) => (
          <Link
            key={technique}
            className="m"
            href={routes.coverage(tenant, `?tech=${encodeURIComponent(technique)}`)}
          >
            <HostileText text={technique} />
          </Link>
        ))}
        <span className="sep" />
        <span title={full(alert.timeMs, zone)}>
          {dayMonth(alert.timeMs, zone)} {clockMillis(alert.timeMs, zone)} {zoneLabel(alert.timeMs, zone)},{" "}
          {duration(now - alert.timeMs)} ago
        </span>
        {alert.count > 1 && (
          <>
            <span className="sep" />
            <span>{whole(alert.count)} hits</span>
          </>
        )}
        <span className="sep" />
        <span className="state-line">
          <StateGlyph row={alert} />
          <span>
            {VERDICT_NAME[alert.verdict || "open"]},{" "}
            {alert.assignee ? (
              <>
                assigned to <HostileText text={shortName(alert.assignee)} />
              </>
            ) : (
              "unassigned"
            )}
          </span>
        </span>
      </div>
      <div className="ac">
        <button
          type="button"
          className="btn"
          aria-disabled={!allowed}
          title={allowed ? undefined : NEEDS_ROLE}
          onClick={onAssign}
        >
          Assign me
          <Key name="a" />
        </button>
        <button
          type="button"
          className="btn p"
          aria-disabled={!allowed}
          title={allowed ? undefined : NEEDS_ROLE}
          onClick={() => onAsk("any")}
        >
          Decide
          <Key name="d" />
        </button>
        <Link className="btn" href={routes.rule(tenant, alert.ruleId)}>
          Open rule
          <Key name="w" />
        </Link>
        <button type="button" className="btn" onClick={() => copyLink(tenant, alert.alertId)}>
          <Icon name="link" />
          Copy link
          <Key name="y" />
        </button>
      </div>
    </header>
  );
}

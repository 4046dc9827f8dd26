import { Link } from "wouter";
import { useSomeAlerts } from "../alerts/queries";
import type { AlertSummary } from "../api/wire";
import { useNow } from "../app/clock";
import { alertsWith, routes } from "../app/routes";
import { Icon } from "../parts/Icon";
import { short, whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import type { RuleRow } from "../rules/rows";
import { HostileText } from "../text/HostileText";
import { duration } from "../time/format";
import type { TimeRange } from "../time/range";
import { parentOf } from "./attack";
import { type Cell, stateWords, tacticNames } from "./proof";

/** One technique: what its state says, its alerts and its rules. */
export function TechniquePanel({
  tenant,
  cell,
  range,
  summary,
  onClose,
}: {
  tenant: string;
  cell: Cell;
  range: TimeRange;
  summary: AlertSummary | undefined;
  onClose: () => void;
}) {
  const parts = (summary?.techniques ?? []).filter((each) => parentOf(each.id) === cell.id);
  return (
    <aside className="pv" aria-label="Technique">
      <div className="pvh">
        <h2>
          <span className="m">
            <HostileText text={cell.id} />
          </span>
          <span className="el">{cell.name}</span>
          <span className="sp" />
          <button type="button" className="btn q" onClick={onClose} aria-label="Close">
            <Icon name="x" />
          </button>
        </h2>
        <div className="pvm">
          <span>{stateWords(cell)}</span>
          <span className="sp" />
          <span className="t3 el">{tacticNames(cell.id).join(", ")}</span>
        </div>
      </div>
      <div className="pvb" role="region" aria-label="Technique" tabIndex={0}>
        {cell.missing.length > 0 && (
          <section className="sec" aria-label="Missing data">
            <h3 className="h">
              Missing data <span className="t3">nothing came in the last 24 h</span>
            </h3>
            <ul className="dash">
              {cell.missing.map((name) => (
                <li key={name}>
                  <HostileText text={name} />
                </li>
              ))}
            </ul>
          </section>
        )}
        <LastAlert tenant={tenant} cell={cell} />
        {parts.length > 0 && (
          <section className="sec">
            <h3 className="h">
              Alerts by part <span className="t3">in this time</span>
            </h3>
            <ul className="tops">
              {parts.map((part) => (
                <li key={part.id}>
                  <Link className="top-link" href={alertsWith(tenant, `technique:${part.id}`, range.from)}>
                    <Severity level={part.highest} />
                    <span className="el m">
                      <HostileText text={part.id} />
                    </span>
                    <span className="num">{whole(part.count)}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section className="sec">
          <h3 className="h">Rules</h3>
          {cell.rules.length === 0 ? (
            <p className="t2 say">No rule that runs names this technique, so it would not be seen.</p>
          ) : (
            <ul className="tops">
              {[...cell.rules]
                .sort((a, b) => (b.alerts24h ?? 0) - (a.alerts24h ?? 0))
                .map((row) => (
                  <RuleLine key={row.rule.ruleId} tenant={tenant} row={row} />
                ))}
            </ul>
          )}
        </section>
      </div>
    </aside>
  );
}

/** The newest alert that names the technique itself. */
function LastAlert({ tenant, cell }: { tenant: string; cell: Cell }) {
  const now = useNow();
  const latest = useSomeAlerts(tenant, { techniqueId: cell.id }, 1);
  const alert = latest.data?.alerts[0];
  if (!alert) return null;
  return (
    <section className="sec">
      <h3 className="h">Last alert</h3>
      <Link className="top-link" href={routes.alert(tenant, alert.alertId)}>
        <Severity level={alert.level} />
        <span className="el">
          <HostileText text={alert.title} />
        </span>
        <span className="num t3">{duration(now - alert.timeMs)} ago</span>
      </Link>
    </section>
  );
}

function RuleLine({ tenant, row }: { tenant: string; row: RuleRow }) {
  const { rule } = row;
  return (
    <li>
      <Link className="top-link" href={routes.rule(tenant, rule.ruleId)}>
        <Severity level={rule.level} />
        <span className="el">
          <HostileText text={rule.title} />
        </span>
        <span className="num t3">
          {[
            row.stage === "shadow" && "shadow",
            row.truePositives > 0 && `${whole(row.truePositives)} true`,
            row.alerts24h ? `${short(row.alerts24h)}/d` : "",
          ]
            .filter(Boolean)
            .join(", ")}
        </span>
      </Link>
    </li>
  );
}

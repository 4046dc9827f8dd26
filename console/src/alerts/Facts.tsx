import type { ReactNode } from "react";
import { Link } from "wouter";
import type { TriageEvent } from "../api/triage";
import type { AlertDetail } from "../api/wire";
import { alertsWith, routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { parentOf, TECHNIQUE_NAMES } from "../coverage/attack";
import { plural } from "../parts/numbers";
import { Sparkbars } from "../parts/Sparkbars";
import { quote } from "../query/parseQuery";
import { defang } from "../text/defang";
import { HostileText, NameText } from "../text/HostileText";
import { clock, delay, duration, full } from "../time/format";
import { useTriageOf } from "../triage/useTriage";
import { shortName, VERDICT_NAME } from "../triage/verdicts";
import { AlertLinks, useLatestOfRule } from "./LatestOfRule";
import { useRule, useSummary } from "./queries";
import { firstEvent } from "./why";

const DAY_MS = 86400e3;
/** An event that reaches us later than this is called late. */
const LATE_MS = 60_000;

export function Facts({ tenant, detail }: { tenant: string; detail: AlertDetail }) {
  return (
    <aside className="sd" aria-label="Facts">
      <FactList tenant={tenant} detail={detail} />
      <History tenant={tenant} detail={detail} />
      <RuleCard tenant={tenant} detail={detail} />
      <Alike tenant={tenant} detail={detail} />
    </aside>
  );
}

function FactList({ tenant, detail }: { tenant: string; detail: AlertDetail }) {
  const { alert } = detail;
  const event = firstEvent(detail);
  const others = alert.entities.filter(
    (entity) => entity.value && entity.value !== alert.host && entity.value !== alert.user,
  );
  const source = [alert.logSource.product, alert.logSource.category, alert.logSource.service]
    .filter(Boolean)
    .join(" / ");
  return (
    <section className="panel">
      <div className="ph">
        <h2>Facts</h2>
      </div>
      <dl className="kv bd">
        {alert.host && (
          <Fact name="Host">
            <Link className="m" href={alertsWith(tenant, `host:${quote(alert.host)}`, "all")}>
              <NameText text={alert.host} />
            </Link>
          </Fact>
        )}
        {alert.user && (
          <Fact name="User">
            <Link className="m" href={alertsWith(tenant, `user:${quote(alert.user)}`, "all")}>
              <NameText text={alert.user} />
            </Link>
          </Fact>
        )}
        {others.slice(0, 8).map((entity) => (
          <Fact key={`${entity.kind} ${entity.value}`} name={KIND[entity.kind] ?? entity.kind}>
            <span className="m">
              <HostileText text={defang(entity.value)} />
            </span>
          </Fact>
        ))}
        {source && (
          <Fact name="Source">
            <HostileText text={source} />
          </Fact>
        )}
        {event && (
          <Fact name="Event">
            <HostileText text={event.className} /> <span className="t3 m">{event.eventId.slice(0, 8)}</span>
          </Fact>
        )}
        <Fact name="Event to alert">
          <EventToAlert detail={detail} />
        </Fact>
        {alert.techniqueIds.length > 0 && (
          <Fact name="Technique">
            {alert.techniqueIds.map((technique) => (
              <span key={technique} className="tech-line">
                <Link
                  className="m"
                  href={routes.coverage(tenant, `?tech=${encodeURIComponent(parentOf(technique))}`)}
                >
                  <HostileText text={technique} />
                </Link>{" "}
                <span className="t3">{TECHNIQUE_NAMES.get(parentOf(technique))}</span>
              </span>
            ))}
          </Fact>
        )}
        {alert.tactics.length > 0 && (
          <Fact name="Tactic">
            <HostileText text={alert.tactics.join(", ").replaceAll("-", " ")} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

const KIND: Record<string, string> = {
  host: "Host",
  user: "User",
  process: "Process",
  file: "File",
  ip: "Remote",
  domain: "Domain",
  url: "URL",
  cloud_account: "Account",
  cloud_resource: "Resource",
};

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>
        <HostileText text={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

/** From the event's entry into Tidewatch to the stored alert; and whether the event itself came late. */
function EventToAlert({ detail }: { detail: AlertDetail }) {
  const event = firstEvent(detail);
  const { alert } = detail;
  if (!event?.ingestTimeMs || !alert.ingestTimeMs) return <span className="t3">unknown</span>;
  const late = event.ingestTimeMs - event.timeMs;
  return (
    <>
      {delay(Math.max(0, alert.ingestTimeMs - event.ingestTimeMs))}{" "}
      <span className={late > LATE_MS ? "warn-text" : "t3"}>
        {late > LATE_MS ? `event came ${duration(late)} late` : "on time, not late"}
      </span>
    </>
  );
}

function RuleCard({ tenant, detail }: { tenant: string; detail: AlertDetail }) {
  const { alert } = detail;
  const rule = useRule(tenant, alert.ruleId);
  const week = useSummary(
    tenant,
    `rule-week ${alert.ruleId} ${alert.timeMs}`,
    () => ({ ruleId: alert.ruleId, fromMs: alert.timeMs - 7 * DAY_MS, toMs: alert.timeMs + 1 }),
    { buckets: 56 },
  );
  return (
    <section className="panel">
      <div className="ph">
        <h2>Rule</h2>
        <span className="t3">
          v{alert.ruleVersion}
          {rule.data?.status && (
            <>
              , <HostileText text={rule.data.status} />
            </>
          )}
        </span>
        <span className="sp" />
        {week.data && <span className="t3">{plural(week.data.total, "alert")}, 7 d</span>}
      </div>
      <div className="bd">
        {week.data && week.data.total > 0 && <Sparkbars buckets={week.data.histogram} />}
        {rule.data?.description && (
          <p className="t2 clamp">
            <HostileText text={rule.data.description} multiline />
          </p>
        )}
        {rule.data && rule.data.falsePositives.length > 0 && (
          <>
            <h3 className="t3 small">Known false positives</h3>
            <ul className="dash">
              {rule.data.falsePositives.slice(0, 4).map((text) => (
                <li key={text}>
                  <HostileText text={text} />
                </li>
              ))}
            </ul>
          </>
        )}
        {detail.tags.length > 0 && (
          <div className="chips">
            {detail.tags.slice(0, 8).map((tag) => (
              <span key={tag} className="chip">
                <HostileText text={tag} />
              </span>
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

function Alike({ tenant, detail: { alert } }: { tenant: string; detail: AlertDetail }) {
  const { others, total } = useLatestOfRule(tenant, alert, 6);
  if (others.length === 0) return null;
  return (
    <section className="panel">
      <div className="ph">
        <h2>Latest of this rule</h2>
        <span className="sp" />
        <Link className="t3" href={alertsWith(tenant, `rule:${quote(alert.ruleId)}`, "all")}>
          {others.length} of {total - 1}
        </Link>
      </div>
      <AlertLinks tenant={tenant} alerts={others} className="bd" />
    </section>
  );
}

/** What people said and the clocks say, newest first. */
function History({ tenant, detail }: { tenant: string; detail: AlertDetail }) {
  const { zone } = useSettings();
  const { alert } = detail;
  const triage = useTriageOf(tenant, alert.alertId);
  const event = firstEvent(detail);
  const steps: [number, string, ReactNode][] = [
    [alert.ingestTimeMs, "raised", `Raised by rule v${alert.ruleVersion} and stored`],
    [event?.ingestTimeMs ?? 0, "entered", "Event entered Tidewatch"],
    [alert.timeMs, "happened", "Event happened"],
  ];
  if (alert.count > 1) steps.unshift([alert.lastSeenMs, "last", "Last of its hits"]);
  const said = (triage.data?.events ?? []).map((each, at): [number, string, ReactNode] => [
    each.timeMs,
    `said ${at}`,
    <Said key="said" event={each} />,
  ]);
  return (
    <section className="panel">
      <div className="ph">
        <h2>History</h2>
        <span className="sp" />
        {triage.isError && <span className="t3">what people said could not be read</span>}
      </div>
      <ol className="lg bd" aria-label="History">
        {[...said.reverse(), ...steps]
          .filter(([ms]) => ms > 0)
          .map(([ms, key, what]) => (
            <li key={key}>
              <span className="m t3" title={full(ms, zone)}>
                {clock(ms, zone)}
              </span>
              <span>{what}</span>
            </li>
          ))}
      </ol>
    </section>
  );
}

function Said({ event }: { event: TriageEvent }) {
  const by = (
    <span className="t3">
      {" "}
      by <HostileText text={shortName(event.author)} />
    </span>
  );
  if (event.assignment) {
    const { assignee } = event.assignment;
    return (
      <>
        {assignee ? (
          <>
            Assigned to <HostileText text={shortName(assignee)} />
          </>
        ) : (
          "Assignment taken away"
        )}
        {by}
      </>
    );
  }
  const verdict = event.disposition?.verdict || "open";
  return (
    <>
      <b>{VERDICT_NAME[verdict]}</b>
      {by}
      {event.disposition?.comment && (
        <span className="said">
          <HostileText text={event.disposition.comment} multiline />
        </span>
      )}
    </>
  );
}

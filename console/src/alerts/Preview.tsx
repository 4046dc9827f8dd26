import { Link } from "wouter";
import type { AlertDetail, AlertRow } from "../api/wire";
import { useNow } from "../app/clock";
import { copy } from "../app/copy";
import { routes } from "../app/routes";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { Lane } from "../parts/Lane";
import { plural, whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { Sparkbars } from "../parts/Sparkbars";
import { ErrorBox, Skeleton } from "../parts/states";
import { plain } from "../text/defang";
import { HostileText, NameText } from "../text/HostileText";
import { matchedPart, operatorWords } from "../text/matchedPart";
import { clockMillis, duration, full, type Zone } from "../time/format";
import { TriageButtons } from "../triage/TriageButtons";
import { useRuleVerdicts } from "../triage/useTriage";
import type { Asked } from "../triage/VerdictDialog";
import { CommandBox } from "./CommandBox";
import { AlertLinks, useLatestOfRule } from "./LatestOfRule";
import { useAlert, useHostEvents, useSomeAlerts, useSummary } from "./queries";
import { commandLine, matchedFields } from "./why";

const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 2 * 60_000;
const DAY_MS = 86400e3;

interface Props {
  tenant: string;
  row: AlertRow;
  zone: Zone;
  allowed: boolean;
  onAsk: (what: Asked["what"]) => void;
  onAssign: () => void;
  onOpen: () => void;
  onClose: () => void;
}

/** What an analyst needs to know before opening the alert: why, what else, how often. */
export function Preview({ tenant, row, zone, allowed, onAsk, onAssign, onOpen, onClose }: Props) {
  const alert = useAlert(tenant, row.alertId);
  return (
    <aside className="pv" aria-label={`Preview of ${plain(row.title)}`}>
      <div className="pvh">
        <h2>
          <Severity level={row.level} />
          <span className="el">
            <HostileText text={row.title} />
          </span>
          <span className="sp" />
          <button type="button" className="btn q" onClick={onClose} aria-label="Close the preview">
            <Icon name="x" />
          </button>
        </h2>
        <div className="pvm">
          <span className="m" title={row.alertId}>
            {row.alertId.slice(0, 8)}
          </span>
          <span className="tm" title={full(row.timeMs, zone)}>
            {clockMillis(row.timeMs, zone)}
          </span>
          <Ago ms={row.timeMs} />
          <span className="sp" />
          <span className="t3 el">
            <HostileText
              text={[row.logSource.product, row.logSource.category || row.logSource.service]
                .filter(Boolean)
                .join(" / ")}
            />
          </span>
        </div>
      </div>
      <div className="pvb" tabIndex={0} role="region" aria-label="Preview">
        <section className="sec">
          <h3 className="h">Why it fired</h3>
          {row.reason && (
            <p className="say">
              <HostileText text={row.reason} />
            </p>
          )}
          {alert.isPending && <Skeleton rows={4} label="Loading why it fired" />}
          {alert.error && (
            <ErrorBox
              what="This alert could not be read."
              error={alert.error}
              onRetry={() => alert.refetch()}
            />
          )}
          {alert.data && <Why detail={alert.data} />}
        </section>
        <WhatElse tenant={tenant} row={row} />
        <RuleRecord tenant={tenant} row={row} />
        <Alike tenant={tenant} row={row} />
      </div>
      <div className="act">
        <TriageButtons allowed={allowed} onAsk={onAsk} onAssign={onAssign} />
        <button type="button" className="btn p" onClick={onOpen}>
          Full page<kbd>↵</kbd>
        </button>
        <Link className="btn" href={routes.rule(tenant, row.ruleId)}>
          Rule
          <Key name="w" />
        </Link>
      </div>
    </aside>
  );
}

export function copyLink(tenant: string, id: string) {
  copy(window.location.origin + routes.alert(tenant, id), "Link");
}

function Ago({ ms }: { ms: number }) {
  return <span className="t3">{duration(useNow() - ms)} ago</span>;
}

function Why({ detail }: { detail: AlertDetail }) {
  const fields = matchedFields(detail);
  const command = commandLine(detail);
  return (
    <>
      <div className="cd">
        {fields.slice(0, 8).map((field, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: evidence has no other identity and does not move
          <div key={at}>
            <span className="pass">
              <Icon name="ok" />
            </span>
            <span className="t3 el" title={plain(field.field)}>
              <HostileText text={field.field || "keyword"} />
            </span>
            <span className="m el" title={plain(field.value)}>
              {operatorWords(field.operator)} <MatchedPattern {...field} />
            </span>
          </div>
        ))}
      </div>
      {fields.length > 8 && <p className="t3 more">and {fields.length - 8} more on the full page</p>}
      {command && <CommandBox command={command} />}
    </>
  );
}

/** The pattern as the event had it; the whole value where the rule gave no literal. */
function MatchedPattern(field: { value: string; operator: string; pattern: string }) {
  const [part] = matchedPart(field.value, field);
  const text = part ? field.value.slice(part[0], part[1]) : field.pattern || field.value;
  return <HostileText text={text} marks={[[0, text.length]]} />;
}

function WhatElse({ tenant, row }: { tenant: string; row: AlertRow }) {
  const fromMs = row.timeMs - BEFORE_MS;
  const toMs = row.timeMs + AFTER_MS;
  const events = useHostEvents(tenant, { host: row.host, fromMs, toMs, size: 1000 }, true);
  const onHost = useSomeAlerts(tenant, { host: row.host, fromMs, toMs }, 200, row.host !== "");
  const ofUser = useSomeAlerts(tenant, { user: row.user, fromMs, toMs }, 200, row.user !== "");
  const spread = useSummary(
    tenant,
    `rule-day ${row.ruleId} ${row.timeMs}`,
    () => ({ ruleId: row.ruleId, fromMs: row.timeMs - DAY_MS, toMs: row.timeMs + 1 }),
    { buckets: 24 },
  );
  const here = spread.data?.hosts.find((host) => host.id === row.host)?.count ?? 0;
  if (!row.host && !row.user) return null;
  return (
    <section className="sec">
      <h3 className="h">
        What else <span className="t3">30 min before, 2 min after</span>
      </h3>
      <div className="ln">
        {row.host && (
          <>
            <span className="m el">
              <NameText text={row.host} />
            </span>
            <Lane
              fromMs={fromMs}
              toMs={toMs}
              times={events.data?.events.map((event) => event.timeMs) ?? []}
              alerts={onHost.data?.alerts ?? []}
              label={`${plural(events.data?.events.length ?? 0, "event")} and ${plural(onHost.data?.total ?? 0, "alert")} on this host`}
            />
            <span className="t2">{onHost.data && plural(onHost.data.total, "alert")}</span>
          </>
        )}
        {row.user && (
          <>
            <span className="m el">
              <NameText text={row.user} />
            </span>
            <Lane
              fromMs={fromMs}
              toMs={toMs}
              times={[]}
              alerts={ofUser.data?.alerts ?? []}
              label={`${plural(ofUser.data?.total ?? 0, "alert")} of this user`}
            />
            <span className="t2">{ofUser.data && plural(ofUser.data.total, "alert")}</span>
          </>
        )}
      </div>
      {spread.data && (
        <div className="fx">
          {row.host && (
            <>
              <span>This rule here, 24 h</span>
              <b>{here <= 1 ? "first time" : `${whole(here)} times`}</b>
            </>
          )}
          <span>This rule on other hosts, 24 h</span>
          <b>{otherHosts(spread.data.hosts.filter((host) => host.id !== row.host).length)}</b>
          {events.data && (
            <>
              <span>Events on this host around it</span>
              <b>
                {whole(events.data.events.length)}
                {events.data.nextPageToken && " or more"}
              </b>
            </>
          )}
        </div>
      )}
    </section>
  );
}

const otherHosts = (n: number) => (n === 0 ? "none" : plural(n, "host"));

function RuleRecord({ tenant, row }: { tenant: string; row: AlertRow }) {
  const week = useSummary(
    tenant,
    `rule-week ${row.ruleId} ${row.timeMs}`,
    () => ({ ruleId: row.ruleId, fromMs: row.timeMs - 7 * DAY_MS, toMs: row.timeMs + 1 }),
    { buckets: 56 },
  );
  return (
    <section className="sec">
      <h3 className="h">
        Rule record{" "}
        <span className="t3">
          v{row.ruleVersion}, 7 days before{week.data && `, ${plural(week.data.total, "alert")}`}
        </span>
      </h3>
      {week.data && week.data.total > 0 && <Sparkbars buckets={week.data.histogram} />}
      <Verdicts tenant={tenant} ruleId={row.ruleId} />
    </section>
  );
}

/** Under five decided alerts a rate would say nothing. */
function Verdicts({ tenant, ruleId }: { tenant: string; ruleId: string }) {
  const { data } = useRuleVerdicts(tenant, ruleId);
  if (!data) return null;
  const of = data.rules.find((rule) => rule.ruleId === ruleId);
  const all = of ? of.truePositives + of.falsePositives + of.benign : 0;
  if (!of || all === 0) return <p className="t3">No alert of it is decided.</p>;
  return (
    <p className="t2">
      <b className="good">{whole(of.truePositives)}</b> true, <b>{whole(of.benign)}</b> benign,{" "}
      <b>{whole(of.falsePositives)}</b> false
      {all < 5 ? ", too few for a rate" : `, ${Math.round((100 * of.truePositives) / all)} % true`}
    </p>
  );
}

function Alike({ tenant, row }: { tenant: string; row: AlertRow }) {
  const { others, total } = useLatestOfRule(tenant, row, 5);
  if (others.length === 0) return null;
  return (
    <section className="sec">
      <h3 className="h">
        Latest of this rule <span className="t3">{whole(total)} in all</span>
      </h3>
      <AlertLinks tenant={tenant} alerts={others} />
    </section>
  );
}

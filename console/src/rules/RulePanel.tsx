import { Link } from "wouter";
import { AlertLinks } from "../alerts/LatestOfRule";
import { useRule, useSomeAlerts, useSummary } from "../alerts/queries";
import { ApiError } from "../api/fetchJson";
import type { Rule } from "../api/wire";
import { useNow } from "../app/clock";
import { copy } from "../app/copy";
import { alertsWith, routes } from "../app/routes";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { plural, whole } from "../parts/numbers";
import { LEVEL_NAME, Severity } from "../parts/Severity";
import { Sparkbars } from "../parts/Sparkbars";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { micros } from "../pipeline/cost";
import { quote } from "../query/parseQuery";
import { defang } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { duration } from "../time/format";
import { shortName } from "../triage/verdicts";
import { RuleSource } from "./RuleSource";
import { Versions } from "./RuleTable";
import type { RuleRow } from "./rows";

const WEEK_MS = 7 * 86400e3;

/** One rule: its source, and what it has raised. */
export function RulePanel({ tenant, id, row }: { tenant: string; id: string; row: RuleRow | undefined }) {
  const rule = useRule(tenant, id);
  if (rule.error instanceof ApiError && rule.error.code === "NOT_FOUND") {
    return (
      <EmptyState title="No rule has this id.">
        <p className="t2">It may have been removed; its alerts stay.</p>
        <Link className="btn" href={alertsWith(tenant, `rule:${quote(id)}`, "all")}>
          Show its alerts
        </Link>
      </EmptyState>
    );
  }
  if (rule.error) {
    return <ErrorBox what="The rule could not be read." error={rule.error} onRetry={() => rule.refetch()} />;
  }
  if (!rule.data) return <Skeleton rows={16} label="Loading the rule" />;
  return <Loaded tenant={tenant} rule={rule.data} row={row} />;
}

function Loaded({ tenant, rule, row }: { tenant: string; rule: Rule; row: RuleRow | undefined }) {
  const source = [rule.logSource.product, rule.logSource.category, rule.logSource.service]
    .filter(Boolean)
    .join(" / ");
  return (
    <>
      <header className="rule-hdr">
        <Severity level={rule.level} large />
        <div className="el">
          <h2 className="el">
            <HostileText text={rule.title} />
          </h2>
          <span className="m t3 el">
            <HostileText text={rule.file || rule.ruleId} />
          </span>
        </div>
        {row && (
          <div className="vtags">
            <Versions row={row} />
          </div>
        )}
        <span className="sp" />
        <Link className="btn" href={alertsWith(tenant, `rule:${quote(rule.ruleId)}`, "all")}>
          Show alerts
        </Link>
        <Link className="btn" href={routes.workbench(tenant, rule.ruleId)}>
          Edit <Key name="e" />
        </Link>
      </header>
      <div className="rule-two">
        <section className="ed" aria-label="Source">
          <div className="eb">
            <span className="seg">
              <span aria-current="true">Sigma</span>
            </span>
            <span>
              <HostileText text={source} />
            </span>
            <span className="sp" />
            <button type="button" className="btn q" onClick={() => copy(rule.source, "Rule")}>
              <Icon name="copy" />
              Copy
            </button>
          </div>
          <RuleSource source={rule.source} />
        </section>
        <aside className="rp" aria-label="About the rule" tabIndex={0}>
          {row && <Figures row={row} />}
          <About tenant={tenant} rule={rule} />
          <Raised tenant={tenant} rule={rule} />
        </aside>
      </div>
    </>
  );
}

function About({ tenant, rule }: { tenant: string; rule: Rule }) {
  const now = useNow();
  return (
    <section className="sec">
      <h3 className="h">About</h3>
      {rule.description && (
        <p className="say">
          <HostileText text={rule.description} multiline />
        </p>
      )}
      <dl className="kv">
        <Fact name="Id">
          <span className="m">
            <HostileText text={rule.ruleId} />
          </span>
        </Fact>
        <Fact name="Level">{LEVEL_NAME[rule.level]}</Fact>
        {rule.kind && (
          <Fact name="Kind">
            <HostileText text={rule.kind.replaceAll("_", " ")} />
          </Fact>
        )}
        {rule.refersTo.length > 0 && (
          <Fact name="Refers to">
            {rule.refersTo.map((other) => (
              <Link key={other} className="m tech" href={routes.rule(tenant, other)}>
                <HostileText text={other.slice(0, 8)} />
              </Link>
            ))}
          </Fact>
        )}
        {rule.changedMs > 0 && (
          <Fact name="Changed">
            {duration(now - rule.changedMs)} ago <span className="t3">by</span>{" "}
            <HostileText text={shortName(rule.changedBy)} />
          </Fact>
        )}
        {rule.status && (
          <Fact name="Status">
            <HostileText text={rule.status} />
          </Fact>
        )}
        {rule.author && (
          <Fact name="Author">
            <HostileText text={rule.author} />
          </Fact>
        )}
        {rule.techniqueIds.length > 0 && (
          <Fact name="Technique">
            {rule.techniqueIds.map((technique) => (
              <Link
                key={technique}
                className="m tech"
                href={routes.coverage(tenant, `?tech=${encodeURIComponent(technique)}`)}
              >
                <HostileText text={technique} />
              </Link>
            ))}
          </Fact>
        )}
        {rule.tactics.length > 0 && (
          <Fact name="Tactic">
            <HostileText text={rule.tactics.join(", ").replaceAll("-", " ")} />
          </Fact>
        )}
        <Fact name="Hash">
          <span className="m">
            <HostileText text={rule.hash} />
          </span>
        </Fact>
      </dl>
      <Texts title="Known false positives" texts={rule.falsePositives} />
      <Texts title="References" texts={rule.references.map(defang)} mono />
    </section>
  );
}

/** What it does at this moment, and how often it was right. */
function Figures({ row }: { row: RuleRow }) {
  return (
    <section className="sec" aria-label="Figures">
      <h3 className="h">
        At this moment{" "}
        <span className="t3">
          {row.subtasks > 0 ? `active on ${row.active} of ${row.subtasks} subtasks` : "it does not run"}
        </span>
      </h3>
      {row.fault && (
        <p className="bad small">
          <HostileText text={row.fault} />
        </p>
      )}
      <dl className="kv">
        <Fact name="Matches">
          {whole(row.matches)} <span className="t3">since the job started</span>
        </Fact>
        <Fact name="Alerts">
          {whole(row.alerts)} <span className="t3">since then, {row.alerts24h ?? "unknown"} in 24 h</span>
        </Fact>
        <Fact name="Cost">
          {row.nanos > 0 ? `${(row.share * 100).toFixed(1)} % of all rules` : "nothing yet"}
          {row.matches > 0 && (
            <span className="t3">, {micros(row.nanos / 1000 / row.matches)} for each match</span>
          )}
        </Fact>
        <Fact name="Errors">{whole(row.errors)}</Fact>
        <Fact name="False">
          {row.falseRatio === undefined ? (
            <>
              too few <span className="t3">{whole(row.decided)} decided</span>
            </>
          ) : (
            <>
              {Math.round(row.falseRatio * 100)} %{" "}
              <span className="t3">
                {whole(row.falsePositives)} of {whole(row.decided)} decided
              </span>
            </>
          )}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Texts({ title, texts, mono = false }: { title: string; texts: readonly string[]; mono?: boolean }) {
  if (texts.length === 0) return null;
  return (
    <>
      <h4 className="t3 small">{title}</h4>
      <ul className="dash">
        {texts.map((text) => (
          <li key={text} className={mono ? "m" : ""}>
            <HostileText text={text} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Raised({ tenant, rule }: { tenant: string; rule: Rule }) {
  const latest = useSomeAlerts(tenant, { ruleId: rule.ruleId }, 8);
  const week = useSummary(
    tenant,
    `rule-now ${rule.ruleId}`,
    (at) => ({ ruleId: rule.ruleId, fromMs: at - WEEK_MS, toMs: at }),
    { buckets: 84 },
  );
  return (
    <section className="sec">
      <h3 className="h">
        Raised <span className="t3">{week.data && `${plural(week.data.total, "alert")} in 7 days`}</span>
      </h3>
      {week.data && week.data.total > 0 && <Sparkbars buckets={week.data.histogram} />}
      {latest.data && latest.data.alerts.length === 0 && <p className="t3 small">It has not fired yet.</p>}
      <AlertLinks tenant={tenant} alerts={latest.data?.alerts ?? []} />
      {latest.data && latest.data.total > latest.data.alerts.length && (
        <p className="t3 small">{whole(latest.data.total)} in all</p>
      )}
    </section>
  );
}

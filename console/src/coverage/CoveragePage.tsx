import "../styles/coverage.css";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";
import { useSomeAlerts, useSummary } from "../alerts/queries";
import { listLogSources } from "../api/logSources";
import type { AlertSummary } from "../api/wire";
import { useNow } from "../app/clock";
import { useKeys } from "../app/keys";
import { alertsWith, routes } from "../app/routes";
import { useUrlState } from "../app/urlState";
import { Icon } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import { short, whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import type { RuleRow } from "../rules/rows";
import { useRuleRows } from "../rules/useRuleRows";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { duration } from "../time/format";
import { RangeMenu } from "../time/RangeMenu";
import { bounds, type TimeRange } from "../time/range";
import { parentOf } from "./attack";
import {
  type Cell,
  type Column,
  coverage,
  isShown,
  type Show,
  STATE_WORDS,
  type State,
  tacticNames,
} from "./proof";

const SHOWS: [Show, string][] = [
  ["", "All techniques"],
  ["rules", "With rules"],
  ["proven", "Proven"],
  ["fired", "Fired"],
  ["live", "Live"],
  ["shadow", "Shadow"],
  ["nodata", "No data"],
];

/** What has come in, so that a rule can see anything at all. */
function useLogSources(tenant: string) {
  return useQuery({
    queryKey: ["logsources", tenant],
    queryFn: ({ signal }) => listLogSources(tenant, signal),
    staleTime: 60_000,
    retry: false,
  });
}

export default function CoveragePage({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const range: TimeRange = { from: url.get("from") ?? "now-7d", to: url.get("to") ?? "" };
  const show = SHOWS.find(([value]) => value === url.get("mode"))?.[0] ?? "";
  const chosen = parentOf(url.get("tech") ?? "");
  const log = url.get("log") ?? "";
  const { rules, rows } = useRuleRows(tenant);
  const sources = useLogSources(tenant);
  const summary = useSummary(tenant, `coverage ${range.from} ${range.to}`, (now) => bounds(range, now), {
    buckets: 1,
  });
  const products = useMemo(
    () => [...new Set(rows.map((row) => row.rule.logSource.product).filter(Boolean))].sort(),
    [rows],
  );
  const columns = useMemo(
    () =>
      coverage(
        rows.filter((row) => !log || row.rule.logSource.product === log),
        summary.data,
        sources.data?.logSources,
      ),
    [rows, log, summary.data, sources.data],
  );
  const cells = useMemo(() => distinct(columns), [columns]);
  const cell = cells.get(chosen);
  useKeys({ Escape: () => change({ tech: null }) });
  const failed = rules.error ?? summary.error;
  const pending = rules.isPending || summary.isPending;
  return (
    <main className={`pg coverage${cell ? " has-choice" : ""}`}>
      <div className="vw">
        <h1 className="page-title">Coverage</h1>
        <nav className="tabs" aria-label="Show">
          {SHOWS.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-current={show === value ? "true" : undefined}
              onClick={() => change({ mode: value })}
            >
              {label} {!pending && <b>{count(cells, value)}</b>}
            </button>
          ))}
        </nav>
        <span className="sp" />
        <Menu
          label="Log source"
          choices={[
            { value: "", label: "All log sources" },
            ...products.map((product) => ({ value: product, label: plain(product, 40) })),
          ]}
          value={log}
          onChoose={(to) => change({ log: to })}
        >
          {log ? <HostileText text={log.slice(0, 40)} /> : "All log sources"}
        </Menu>
        <RangeMenu
          range={range}
          onRange={(next) =>
            change({ from: next.from === "now-7d" && !next.to ? null : next.from, to: next.to })
          }
        />
      </div>
      <div className="matrix-box" role="region" aria-label="ATT&CK matrix" tabIndex={0}>
        {failed && (
          <ErrorBox
            what="Coverage could not be read."
            error={failed}
            onRetry={() => {
              rules.refetch();
              summary.refetch();
            }}
          />
        )}
        {!failed && sources.error && (
          <p className="cov-note t2">What comes in could not be asked, so missing data is not shown.</p>
        )}
        {!failed && pending && <Skeleton rows={16} label="Loading coverage" />}
        {!failed && !pending && (
          <Matrix columns={columns} show={show} chosen={chosen} onChoose={(tech) => change({ tech })} />
        )}
      </div>
      <Detail
        tenant={tenant}
        cell={cell}
        range={range}
        summary={summary.data}
        cells={cells}
        onClose={() => change({ tech: null })}
      />
      <footer className="ft">
        <span>
          {whole(count(cells, "proven"))} of {whole(count(cells, "rules"))} techniques with rules are proven
        </span>
        <span className="sep" />
        <Legend />
        <span className="sp" />
        <span>ATT&CK is a registered trademark of The MITRE Corporation</span>
      </footer>
    </main>
  );
}

function distinct(columns: readonly Column[]): Map<string, Cell> {
  return new Map(columns.flatMap((column) => column.cells.map((cell) => [cell.id, cell])));
}

const count = (cells: ReadonlyMap<string, Cell>, show: Show): number =>
  [...cells.values()].filter((cell) => isShown(cell, show)).length;

const LEGEND: [State, string][] = [
  ["proven", "raised a true alert"],
  ["fired", "fired, not decided true"],
  ["live", "live"],
  ["shadow", "shadow only"],
  ["nodata", "its data does not come"],
];

function Legend() {
  return (
    <span className="legend">
      {LEGEND.map(([state, words]) => (
        <span key={state}>
          <i className={`cell ${state}`} />
          {words}
        </span>
      ))}
    </span>
  );
}

function Matrix({
  columns,
  show,
  chosen,
  onChoose,
}: {
  columns: readonly Column[];
  show: Show;
  chosen: string;
  onChoose: (technique: string) => void;
}) {
  const visible = columns.map((column) => ({
    ...column,
    cells: column.cells.filter((each) => isShown(each, show)),
    // What is proven of what could be, whatever is shown.
    proven: column.cells.filter((each) => each.state === "proven").length,
    watched: column.cells.filter((each) => each.state !== "none").length,
  }));
  if (visible.every((column) => column.cells.length === 0)) {
    return (
      <EmptyState
        title={show === "rules" ? "No rule that runs names a technique." : "No technique is in this state."}
      >
        <p className="t2">Choose a longer time, or show all techniques.</p>
      </EmptyState>
    );
  }
  return (
    <div className="matrix">
      {visible.map((column) => (
        <section key={column.id} aria-label={column.name}>
          <h2>
            {column.name}
            <span className="t3">
              {column.proven} of {column.watched} proven
            </span>
          </h2>
          <ul>
            {column.cells.map((cell) => (
              <li key={cell.id}>
                <button
                  type="button"
                  className={`cell ${cell.state}`}
                  aria-pressed={cell.id === chosen}
                  onClick={() => onChoose(cell.id === chosen ? "" : cell.id)}
                  title={`${cell.id} ${cell.name}: ${stateWords(cell)}`}
                >
                  <span className="nm">{cell.name}</span>
                  <span className="id m">
                    <HostileText text={cell.id} />
                    {cell.state !== "none" && <b>{STATE_WORDS[cell.state]}</b>}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const SAID: Record<State, string> = {
  proven: "a live rule has raised an alert that was decided true",
  fired: "a live rule has fired, and nobody has decided an alert true",
  live: "a live rule watches it and has not fired",
  shadow: "only rules in shadow watch it",
  nodata: "rules run, but no event of their log sources comes in",
  none: "no rule that runs names it",
};

const stateWords = (cell: Cell): string => SAID[cell.state];

function Detail({
  tenant,
  cell,
  range,
  summary,
  cells,
  onClose,
}: {
  tenant: string;
  cell: Cell | undefined;
  range: TimeRange;
  summary: AlertSummary | undefined;
  cells: ReadonlyMap<string, Cell>;
  onClose: () => void;
}) {
  if (!cell) return <Busiest cells={cells} />;
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

function Busiest({ cells }: { cells: ReadonlyMap<string, Cell> }) {
  const [, change] = useUrlState();
  const fired = [...cells.values()].filter((cell) => cell.alerts > 0).sort((a, b) => b.alerts - a.alerts);
  const top = Math.max(1, fired[0]?.alerts ?? 1);
  return (
    <aside className="pv" aria-label="Busiest techniques">
      <div className="pvh">
        <h2>Busiest techniques</h2>
        <div className="pvm">
          <span className="t3">Choose a technique to see its rules and alerts.</span>
        </div>
      </div>
      <div className="pvb" role="region" aria-label="Busiest techniques" tabIndex={0}>
        <section className="sec">
          {fired.length === 0 && <p className="t2">None fired in this time.</p>}
          <ul className="tops">
            {fired.slice(0, 24).map((cell) => (
              <li key={cell.id}>
                <button type="button" onClick={() => change({ tech: cell.id })}>
                  <i className={`cell ${cell.state}`} />
                  <span className="el">
                    <span className="m">
                      <HostileText text={cell.id} />
                    </span>{" "}
                    {cell.name}
                  </span>
                  <span className="bar" aria-hidden="true">
                    <i className="acc" style={{ transform: `scaleX(${cell.alerts / top})` }} />
                  </span>
                  <span className="num">{whole(cell.alerts)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </aside>
  );
}

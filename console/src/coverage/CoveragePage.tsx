import { useMemo } from "react";
import { Link } from "wouter";
import { useRules, useSummary } from "../alerts/queries";
import type { AlertSummary, Rule } from "../api/wire";
import { useKeys } from "../app/keys";
import { alertsWith, routes } from "../app/routes";
import { useUrlState } from "../app/urlState";
import { Icon } from "../parts/Icon";
import { plural, short, whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { RangeMenu } from "../time/RangeMenu";
import { bounds, type TimeRange } from "../time/range";
import { parentOf } from "./attack";
import { type Cell, type Column, coverage, type Show, shown, tacticNames } from "./heat";

const SHOWS: [Show, string][] = [
  ["", "All techniques"],
  ["rules", "With rules"],
  ["fired", "Fired"],
];

export default function CoveragePage({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const range: TimeRange = { from: url.get("from") ?? "now-7d", to: url.get("to") ?? "" };
  const show = SHOWS.find(([value]) => value === url.get("mode"))?.[0] ?? "";
  const chosen = parentOf(url.get("tech") ?? "");
  const rules = useRules(tenant);
  const summary = useSummary(tenant, `coverage ${range.from} ${range.to}`, (now) => bounds(range, now), {
    buckets: 1,
  });
  const columns = useMemo(() => coverage(rules.data?.rules ?? [], summary.data), [rules.data, summary.data]);
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
        <Legend />
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
          {whole(count(cells, "fired"))} fired, {whole(count(cells, "rules"))} with rules, of{" "}
          {whole(cells.size)} techniques
        </span>
        <span className="sp" />
        <span>ATT&CK is a registered trademark of The MITRE Corporation</span>
      </footer>
    </main>
  );
}

function distinct(columns: readonly Column[]): Map<string, Cell> {
  return new Map(columns.flatMap((column) => column.cells.map((cell) => [cell.id, cell])));
}

function count(cells: ReadonlyMap<string, Cell>, show: Show): number {
  if (show === "") return cells.size;
  return [...cells.values()].filter(
    (cell) => cell.state === "fired" || (show === "rules" && cell.state === "live"),
  ).length;
}

function Legend() {
  return (
    <div className="legend">
      <span>
        <i className="cell none" />
        no rule
      </span>
      <span>
        <i className="cell live" />
        live, not fired
      </span>
      <span>
        <i className="cell h1" />
        <i className="cell h2" />
        <i className="cell h3" />
        <i className="cell h4" />
        fired, more alerts
      </span>
    </div>
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
  const visible = columns.map((column) => ({ ...column, cells: shown(column, show) }));
  if (visible.every((column) => column.cells.length === 0)) {
    return (
      <EmptyState
        title={show === "fired" ? "No technique fired in this time." : "No rule names a technique."}
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
              {column.cells.filter((cell) => cell.state === "fired").length} of {column.cells.length}
            </span>
          </h2>
          <ul>
            {column.cells.map((cell) => (
              <li key={cell.id}>
                <button
                  type="button"
                  className={`cell ${cell.state === "fired" ? `h${cell.heat}` : cell.state}`}
                  aria-pressed={cell.id === chosen}
                  onClick={() => onChoose(cell.id === chosen ? "" : cell.id)}
                  title={`${cell.id} ${cell.name}: ${stateWords(cell)}`}
                >
                  <span className="nm">{cell.name}</span>
                  <span className="id m">
                    <HostileText text={cell.id} />
                    {cell.state !== "none" && <b>{cell.state === "fired" ? short(cell.alerts) : "live"}</b>}
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

function stateWords(cell: Cell): string {
  if (cell.state === "none") return "no rule";
  if (cell.state === "live") return `${plural(cell.rules.length, "rule")} live, not fired`;
  return `${plural(cell.alerts, "alert")}, ${plural(cell.rules.length, "rule")} live`;
}

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
          <h3 className="h">
            Rules <span className="t3">{cell.rules.length > 0 ? whole(cell.rules.length) : ""}</span>
          </h3>
          {cell.rules.length === 0 ? (
            <p className="t2 say">No rule names this technique, so it would not be seen.</p>
          ) : (
            <ul className="tops">
              {[...cell.rules]
                .sort((a, b) => b.alerts24h - a.alerts24h)
                .map((rule) => (
                  <RuleLine key={rule.ruleId} tenant={tenant} rule={rule} />
                ))}
            </ul>
          )}
        </section>
      </div>
    </aside>
  );
}

function RuleLine({ tenant, rule }: { tenant: string; rule: Rule }) {
  return (
    <li>
      <Link className="top-link" href={routes.rule(tenant, rule.ruleId)}>
        <Severity level={rule.level} />
        <span className="el">
          <HostileText text={rule.title} />
        </span>
        <span className="num t3">{rule.alerts24h > 0 ? `${short(rule.alerts24h)}/d` : ""}</span>
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
                  <i className={`cell h${cell.heat}`} />
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

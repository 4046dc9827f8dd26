import "../styles/coverage.css";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSummary } from "../alerts/queries";
import { listLogSources } from "../api/logSources";
import { useKeys } from "../app/keys";
import { useUrlState } from "../app/urlState";
import { Menu } from "../parts/Menu";
import { whole } from "../parts/numbers";
import { ErrorBox, Skeleton } from "../parts/states";
import { useRuleRows } from "../rules/useRuleRows";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { RangeMenu } from "../time/RangeMenu";
import { bounds, type TimeRange } from "../time/range";
import { parentOf } from "./attack";
import { Busiest } from "./Busiest";
import { Matrix } from "./Matrix";
import { type Cell, type Column, coverage, isShown, type Show, type State } from "./proof";
import { TechniquePanel } from "./TechniquePanel";

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
      {cell ? (
        <TechniquePanel
          tenant={tenant}
          cell={cell}
          range={range}
          summary={summary.data}
          onClose={() => change({ tech: null })}
        />
      ) : (
        <Busiest cells={cells} onChoose={(tech) => change({ tech })} />
      )}
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

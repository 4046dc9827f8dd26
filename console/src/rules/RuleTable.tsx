import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import { Link } from "wouter";
import { routes } from "../app/routes";
import { short, whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { micros } from "../pipeline/cost";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { ENOUGH_DECIDED, type RuleRow, type Sort } from "./rows";

const ROW_PX = 32;
const DOT = { live: "live", shadow: "sh", draft: "dr", retired: "off" } as const;

const COLUMNS: [Sort | "", string, string][] = [
  ["title", "Rule", ""],
  ["stage", "Versions", ""],
  ["", "Active", "num"],
  ["alerts", "Alerts, 24 h", "num"],
  ["matches", "Matches", "num"],
  ["cost", "Cost", "num"],
  ["errors", "Errors", "num"],
  ["false", "False", "num"],
];

interface Props {
  tenant: string;
  rows: readonly RuleRow[];
  matchedEvents: number | undefined;
  search: string;
  sort: Sort;
  onSort(sort: Sort): void;
}

/** All rules, one line each, with what they do at this moment. */
export function RuleTable({ tenant, rows, matchedEvents, search, sort, onSort }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  return (
    <div
      className="rt"
      ref={scroll}
      role="table"
      aria-label="Rules"
      aria-rowcount={rows.length + 1}
      tabIndex={0}
    >
      <div role="rowgroup" className="rt-head">
        <div role="row" className="rt-row" aria-rowindex={1}>
          {COLUMNS.map(([by, name, tone]) => (
            <span
              key={name}
              role="columnheader"
              className={tone}
              aria-sort={by && by === sort ? (by === "title" ? "ascending" : "descending") : undefined}
            >
              {by ? (
                <button type="button" onClick={() => onSort(by)} aria-pressed={by === sort}>
                  {name}
                </button>
              ) : (
                name
              )}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="rt-body" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <div
                key={row.rule.ruleId}
                role="row"
                className="rt-row"
                aria-rowindex={item.index + 2}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row tenant={tenant} row={row} matchedEvents={matchedEvents} search={search} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function Row({
  tenant,
  row,
  matchedEvents,
  search,
}: {
  tenant: string;
  row: RuleRow;
  matchedEvents: number | undefined;
  search: string;
}) {
  const { rule } = row;
  return (
    <>
      <span role="cell" className="rt-name">
        <Severity level={rule.level} />
        <Link className="el" href={routes.rule(tenant, rule.ruleId) + search} title={plain(rule.title)}>
          <HostileText text={rule.title} />
        </Link>
        {row.kind !== "detection" && (
          <span className="chip" title={plain(rule.kind)}>
            {row.kind}
          </span>
        )}
        {row.fault && (
          <span className="bad el" title={plain(row.fault)}>
            <HostileText text={row.fault} />
          </span>
        )}
      </span>
      <span role="cell" className="rt-vs">
        <Versions row={row} />
      </span>
      <Figure hot={row.subtasks > 0 && row.active < row.subtasks}>
        {row.subtasks > 0 ? `${row.active} of ${row.subtasks}` : "–"}
      </Figure>
      <Figure>{row.alerts24h === undefined ? "–" : short(row.alerts24h)}</Figure>
      <Figure>{short(row.matches)}</Figure>
      <Figure title={costTip(row, matchedEvents)}>
        {row.nanos > 0 ? `${(row.share * 100).toFixed(1)} %` : "–"}
      </Figure>
      <Figure hot={row.errors > 0}>{whole(row.errors)}</Figure>
      <Figure title={`${whole(row.falsePositives)} of ${whole(row.decided)} decided alerts`}>
        {row.falseRatio === undefined ? (
          <span className="t3">{row.decided < ENOUGH_DECIDED ? "too few" : "–"}</span>
        ) : (
          `${Math.round(row.falseRatio * 100)} %`
        )}
      </Figure>
    </>
  );
}

function costTip(row: RuleRow, matchedEvents: number | undefined): string {
  if (row.nanos === 0) return "it has not matched since the job started";
  const perEvent = matchedEvents ? `${micros(row.nanos / 1000 / matchedEvents)} for each event, ` : "";
  const perMatch = row.matches > 0 ? `${micros(row.nanos / 1000 / row.matches)} for each match, ` : "";
  return `${perEvent}${perMatch}share of all rules`;
}

/** `v13 live`, `v14 shadow` */
export function Versions({ row }: { row: RuleRow }) {
  const shown: { version: number; stage: keyof typeof DOT; tenants: readonly string[] }[] =
    row.versions.length > 0 ? row.versions : [{ version: row.rule.version, stage: row.stage, tenants: [] }];
  return shown.map((each) => (
    <span key={`${each.version} ${each.stage} ${each.tenants.join()}`} className="vtag">
      <i className={`dot ${DOT[each.stage]}`} />v{each.version} <span className="t3">{each.stage}</span>
    </span>
  ));
}

function Figure({ children, hot = false, title }: { children: ReactNode; hot?: boolean; title?: string }) {
  return (
    <span role="cell" className={hot ? "num warn-text" : "num"} title={title}>
      {children}
    </span>
  );
}

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { MOST_AT_ONCE } from "../api/triage";
import type { AlertRow } from "../api/wire";
import { useNow } from "../app/clock";
import { ROW_PX, useSettings } from "../app/settings";
import { whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { plain } from "../text/defang";
import { HostileText, NameText } from "../text/HostileText";
import { duration, full, type Zone } from "../time/format";
import { StateGlyph } from "../triage/StateGlyph";
import type { Group, GroupBy } from "./grouping";

const OVERSCAN = 8;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 40;

interface Props {
  /** Group headings and rows in the order they stand. */
  lines: readonly GridLine[];
  total: number;
  selected: string;
  /** Ids chosen for a bulk change. */
  chosen: ReadonlySet<string>;
  onChoose: (ids: readonly string[], on: boolean) => void;
  zone: Zone;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
  onToggle: (key: string) => void;
  onEnd: () => void;
  onScrolled: (atTop: boolean) => void;
  groupBy: GroupBy;
  banner: ReactNode;
  foot: ReactNode;
}

export type GridLine = { kind: "alert"; row: AlertRow } | { kind: "group"; group: Group };

export function AlertGrid(props: Props) {
  const { lines, selected, onEnd, onScrolled } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const rowPx = ROW_PX[useSettings().density];
  const selectedAt = lines.findIndex((line) => line.kind === "alert" && line.row.alertId === selected);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    getItemKey: (at) => keyOf(lines[at]),
    // The chosen row stays in the page, out of sight too: it holds the tab stop.
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range);
      if (selectedAt < 0 || seen.includes(selectedAt)) return seen;
      return [...seen, selectedAt].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    if (lines.length > 0 && last >= lines.length - AHEAD) onEnd();
  }, [last, lines.length, onEnd]);
  useFollowSelection(scroll, virtual, selectedAt, selected);
  const focusable = selectedAt >= 0 ? selectedAt : lines.findIndex((line) => line.kind === "alert");
  return (
    <div className="grid">
      <div role="grid" aria-label="Alerts" aria-rowcount={props.total + 1} aria-colcount={COLUMNS.length}>
        <div className="grid-head" role="rowgroup">
          <Head lines={lines} chosen={props.chosen} onChoose={props.onChoose} />
        </div>
        <div
          className="grid-scroll"
          ref={scroll}
          role="rowgroup"
          hidden={lines.length === 0}
          onScroll={(event) => onScrolled(event.currentTarget.scrollTop < rowPx)}
        >
          <div className="grid-space" role="presentation" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const line = lines[item.index];
              if (!line) return null;
              const place = { transform: `translateY(${item.start}px)` };
              return line.kind === "group" ? (
                <GroupLine
                  key={item.key}
                  group={line.group}
                  at={item.index}
                  place={place}
                  onToggle={props.onToggle}
                />
              ) : (
                <AlertLine
                  key={item.key}
                  row={line.row}
                  at={item.index}
                  place={place}
                  selected={line.row.alertId === selected}
                  chosen={props.chosen.has(line.row.alertId)}
                  onChoose={props.onChoose}
                  focusable={item.index === focusable}
                  zone={props.zone}
                  onSelect={props.onSelect}
                  onOpen={props.onOpen}
                />
              );
            })}
          </div>
        </div>
      </div>
      {props.banner}
      {props.foot && <div className={`grid-foot${lines.length === 0 ? " alone" : ""}`}>{props.foot}</div>}
    </div>
  );
}

/** The chosen row stays in sight, and has the focus if a row had it before. */
function useFollowSelection(
  scroll: React.RefObject<HTMLDivElement | null>,
  virtual: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>,
  selectedAt: number,
  selected: string,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new choice moves the view, never new rows
  useEffect(() => {
    if (selectedAt < 0) return;
    virtual.scrollToIndex(selectedAt, { align: "auto" });
    const container = scroll.current;
    if (!container?.contains(document.activeElement)) return;
    requestAnimationFrame(() =>
      container.querySelector<HTMLElement>('[aria-selected="true"]')?.focus({ preventScroll: true }),
    );
  }, [selected]);
}

const keyOf = (line: GridLine | undefined) =>
  !line ? "" : line.kind === "alert" ? line.row.alertId : `group ${line.group.key}`;

const COLUMNS = [
  "Choose",
  "Severity",
  "State",
  "Age",
  "Alert and reason",
  "Host",
  "User",
  "Technique",
  "Hits",
];

function Head({ lines, chosen, onChoose }: Pick<Props, "lines" | "chosen" | "onChoose">) {
  const ids = lines.flatMap((line) => (line.kind === "alert" ? [line.row.alertId] : []));
  const all = ids.length > 0 && chosen.size >= Math.min(ids.length, MOST_AT_ONCE);
  return (
    <div className="hd" role="row" aria-rowindex={1}>
      <span role="columnheader">
        <input
          type="checkbox"
          className="pick"
          aria-label="Choose all loaded alerts"
          checked={all}
          onChange={() => onChoose(ids, !all)}
        />
      </span>
      <span role="columnheader">
        <span className="vh">Severity</span>
      </span>
      <span role="columnheader">
        <span className="vh">State</span>
      </span>
      <span role="columnheader" className="num srt" aria-sort="descending">
        Age <span aria-hidden="true">↓</span>
      </span>
      <span role="columnheader">Alert and reason</span>
      <span role="columnheader">Host</span>
      <span role="columnheader">User</span>
      <span role="columnheader">Technique</span>
      <span role="columnheader" className="num">
        Hits
      </span>
    </div>
  );
}

function AlertLine({
  row,
  at,
  place,
  selected,
  chosen,
  onChoose,
  focusable,
  zone,
  onSelect,
  onOpen,
}: {
  row: AlertRow;
  at: number;
  place: React.CSSProperties;
  selected: boolean;
  chosen: boolean;
  onChoose: Props["onChoose"];
  focusable: boolean;
  zone: Zone;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
}) {
  const [technique, ...more] = row.techniqueIds;
  return (
    <div
      className={`row${chosen ? " chosen" : ""}`}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
      style={place}
      onClick={() => onSelect(row.alertId)}
      onDoubleClick={() => onOpen(row.alertId)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        if (event.key === "Enter") onOpen(row.alertId);
        else onSelect(row.alertId);
      }}
    >
      <span role="gridcell">
        <input
          type="checkbox"
          className="pick"
          tabIndex={-1}
          aria-label={`Choose ${plain(row.title, 80)}`}
          checked={chosen}
          onClick={(event) => event.stopPropagation()}
          onChange={() => onChoose([row.alertId], !chosen)}
        />
      </span>
      <span role="gridcell">
        <Severity level={row.level} />
      </span>
      <span role="gridcell">
        <StateGlyph row={row} />
      </span>
      <span role="gridcell" className="age" title={full(row.timeMs, zone)}>
        <Age ms={row.timeMs} />
      </span>
      <span
        role="gridcell"
        className="ti el"
        title={plain(`${row.title}\n${row.reason}`).replace("⟨U+000A⟩", " · ")}
      >
        <span className="tt">
          <HostileText text={row.title} />
        </span>
        <span className="wy m">
          <HostileText text={row.reason} />
        </span>
      </span>
      <span role="gridcell" className="en el m" title={plain(row.host)}>
        <NameText text={row.host} />
      </span>
      <span role="gridcell" className="us el m" title={plain(row.user)}>
        <NameText text={row.user} />
      </span>
      <span role="gridcell" className="te el m" title={row.techniqueIds.map((id) => plain(id)).join(", ")}>
        {technique && <HostileText text={technique} />}
        {more.length > 0 && <span className="t3"> +{more.length}</span>}
      </span>
      <span role="gridcell" className="ct num">
        {row.count > 1 && `×${whole(row.count)}`}
      </span>
    </div>
  );
}

function Age({ ms }: { ms: number }) {
  return duration(useNow() - ms);
}

function GroupLine({
  group,
  at,
  place,
  onToggle,
}: {
  group: Group;
  at: number;
  place: React.CSSProperties;
  onToggle: (key: string) => void;
}) {
  return (
    <div className="row group" role="row" aria-rowindex={at + 2} style={place} tabIndex={-1}>
      <span role="gridcell" aria-colspan={COLUMNS.length}>
        <button
          type="button"
          aria-expanded={!group.closed}
          onClick={() => onToggle(group.key)}
          className={group.closed ? "closed" : ""}
        >
          <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
            <path d="m4.500 6.500 3.500 3.500 3.500-3.500" />
          </svg>
          <Severity level={group.highest} />
          <b className="el">
            <HostileText text={group.name} />
          </b>
          <span className="t3">{whole(group.count)}</span>
        </button>
      </span>
    </div>
  );
}

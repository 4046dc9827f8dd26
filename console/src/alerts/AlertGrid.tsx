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
import type { GridLine, Group, GroupBy } from "./grouping";
import { HeadingLine } from "./HeadingLine";

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
  /** The alerts of one group alone, as a query. */
  onNarrow: (group: Group) => void;
  onEnd: () => void;
  onScrolled: (atTop: boolean) => void;
  groupBy: GroupBy;
  banner: ReactNode;
  foot: ReactNode;
}

export function AlertGrid(props: Props) {
  const { lines, selected, onEnd, onScrolled } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const rowPx = ROW_PX[useSettings().density];
  const selectedAt = selected === "" ? -1 : lines.findIndex((line) => line.id === selected);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    getItemKey: (at) => lines[at]?.id ?? "",
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
  const focusable = Math.max(0, selectedAt);
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
              const common = { at: item.index, place, selected: line.id === selected };
              if (line.kind !== "alert") {
                return (
                  <HeadingLine
                    key={item.key}
                    line={line}
                    {...common}
                    focusable={item.index === focusable}
                    by={props.groupBy}
                    columns={COLUMNS.length}
                    onSelect={props.onSelect}
                    onToggle={props.onToggle}
                    onNarrow={props.onNarrow}
                  />
                );
              }
              return (
                <AlertLine
                  key={item.key}
                  id={line.id}
                  row={line.row}
                  {...common}
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
  id,
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
  id: string;
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
      onClick={() => onSelect(id)}
      onDoubleClick={() => onOpen(row.alertId)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        if (event.key === "Enter") onOpen(row.alertId);
        else onSelect(id);
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

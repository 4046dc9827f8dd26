import type { AlertRow, EventRow } from "../api/wire";
import { useSettings } from "../app/settings";
import { Menu } from "../parts/Menu";
import { plural, whole } from "../parts/numbers";
import { LEVEL_FILL } from "../parts/Severity";
import { ErrorBox, Skeleton } from "../parts/states";
import { useElementWidth } from "../parts/useElementWidth";
import { HostileText, NameText } from "../text/HostileText";
import { clock, clockMinutes, type Zone } from "../time/format";
import { EventLine } from "./EventLine";
import { laneNames, laneOf } from "./lanes";
import { useHostEvents, useSomeAlerts } from "./queries";

const MINUTE_MS = 60_000;
const SPANS: [value: string, label: string, before: number, after: number][] = [
  ["5m", "5 min", 5 * MINUTE_MS, MINUTE_MS],
  ["", "30 min", 30 * MINUTE_MS, 2 * MINUTE_MS],
  ["2h", "2 h", 120 * MINUTE_MS, 10 * MINUTE_MS],
  ["1d", "24 h", 1440 * MINUTE_MS, 60 * MINUTE_MS],
];
const MOST_EVENTS = 1000;
const MOST_LANES = 5;
const LISTED = 6;

export interface NeighbourRange {
  span: string;
  label: string;
  fromMs: number;
  toMs: number;
}

export function neighbourRange(alert: AlertRow, span: string | null): NeighbourRange {
  const [value, label, before, after] = SPANS.find(([name]) => name === span) ?? [
    "",
    "30 min",
    30 * MINUTE_MS,
    2 * MINUTE_MS,
  ];
  return { span: value, label, fromMs: alert.timeMs - before, toMs: alert.timeMs + after };
}

/** Events and alerts on the alert's host around it. */
export function useNeighbours(tenant: string, alert: AlertRow, range: NeighbourRange) {
  const { fromMs, toMs } = range;
  return {
    events: useHostEvents(tenant, { host: alert.host, fromMs, toMs, size: MOST_EVENTS }, true),
    onHost: useSomeAlerts(tenant, { host: alert.host, fromMs, toMs }, 200, alert.host !== ""),
    ofUser: useSomeAlerts(tenant, { user: alert.user, fromMs, toMs }, 1, alert.user !== ""),
  };
}

export type Neighbours = ReturnType<typeof useNeighbours>;

export function WhatElse({
  alert,
  evidence,
  range,
  neighbours,
  onSpan,
  onAll,
}: {
  alert: AlertRow;
  evidence: readonly string[];
  range: NeighbourRange;
  neighbours: Neighbours;
  onSpan: (span: string) => void;
  onAll: () => void;
}) {
  const { events, onHost, ofUser } = neighbours;
  const list = events.data?.events ?? [];
  if (!alert.host) return null;
  return (
    <section className="panel tl">
      <div className="ph">
        <h2>What else happened</h2>
        <span className="t3">
          {range.label} before, {plural(list.length, "event")}
          {events.data?.nextPageToken ? " or more" : ""}
        </span>
        <span className="sp" />
        <Counted name={alert.host} count={onHost.data?.total} />
        {alert.user && <Counted name={alert.user} count={ofUser.data?.total} />}
        <Menu
          label="Time around the alert"
          className="low"
          choices={SPANS.map(([value, label]) => ({ value, label }))}
          value={range.span}
          onChoose={onSpan}
        >
          {range.label}
        </Menu>
      </div>
      {events.error && (
        <ErrorBox
          what="The host's events could not be read."
          error={events.error}
          onRetry={() => events.refetch()}
        />
      )}
      {events.isPending && <Skeleton rows={4} label="Loading events" />}
      {events.data && (
        <>
          <Lanes alert={alert} range={range} events={list} alerts={onHost.data?.alerts ?? []} />
          <ol className="ev">
            {around(list, evidence).map((event) => (
              <EventLine
                key={event.eventId}
                event={event}
                alert={alert}
                own={evidence.includes(event.eventId)}
                raised={alertAt(event, onHost.data?.alerts ?? [])}
              />
            ))}
          </ol>
          {list.length > LISTED && (
            <button type="button" className="more-events" onClick={onAll}>
              All {whole(list.length)} events <kbd>2</kbd>
            </button>
          )}
          {list.length === 0 && (
            <p className="none">No other events of this host are stored for this time.</p>
          )}
        </>
      )}
    </section>
  );
}

function Counted({ name, count }: { name: string; count: number | undefined }) {
  if (count === undefined) return null;
  return (
    <span className="t2 el">
      <NameText text={name} /> <b>{plural(count, "alert")}</b>
    </span>
  );
}

/** The alert that an event raised, as far as one of the same moment tells. */
export function alertAt(event: EventRow, alerts: readonly AlertRow[]): AlertRow | undefined {
  return alerts.find((each) => each.timeMs === event.timeMs && each.host === event.host);
}

/** The few events next to the alert's own. */
function around(events: readonly EventRow[], evidence: readonly string[]): EventRow[] {
  const own = events.findIndex((event) => evidence.includes(event.eventId));
  const start = Math.max(0, Math.min((own < 0 ? events.length : own) - 2, events.length - LISTED));
  return events.slice(start, start + LISTED);
}

const LEFT = 96;
const RIGHT = 16;
const LANE_PX = 23;

function Lanes({
  alert,
  range,
  events,
  alerts,
}: {
  alert: AlertRow;
  range: NeighbourRange;
  events: readonly EventRow[];
  alerts: readonly AlertRow[];
}) {
  const { zone } = useSettings();
  const [box, width] = useElementWidth(1000);
  const names = laneNames(events, MOST_LANES);
  const lanes = names.length > 0 ? names : ["alerts"];
  const foot = lanes.length * LANE_PX + 4;
  const x = (ms: number) =>
    LEFT + ((ms - range.fromMs) / (range.toMs - range.fromMs)) * (width - LEFT - RIGHT);
  const laneAt = (name: string) => {
    const at = lanes.indexOf(name);
    return at >= 0 ? at : lanes.length - 1;
  };
  const y = (lane: number) => 14 + lane * LANE_PX;
  return (
    <div ref={box} className="lanes">
      <svg
        width={width}
        height={foot + 20}
        role="img"
        aria-label={`${plural(events.length, "event")} and ${plural(alerts.length, "alert")} on the host, ${range.label} before to just after the alert`}
      >
        {ticks(range, alert.timeMs).map((ms) => (
          <g key={ms}>
            <path d={`M${x(ms)} 4V${foot}`} stroke="var(--line)" />
            <text x={x(ms)} y={foot + 14} textAnchor="middle">
              {label(ms, alert.timeMs, range, zone)}
            </text>
          </g>
        ))}
        {lanes.map((name, at) => (
          <g key={name}>
            <text className="lane-name" x="14" y={y(at) + 4}>
              {name}
            </text>
            <path d={`M${LEFT} ${y(at)}H${width - RIGHT}`} stroke="var(--line)" />
          </g>
        ))}
        {marks(events, laneAt, x).map(([key, left, lane, count]) => {
          const height = Math.min(13, 5 + Math.log2(count + 1) * 1.6);
          return (
            <rect
              key={key}
              x={left}
              y={y(lane) - height / 2}
              width="1.800"
              height={height}
              rx=".9"
              fill="var(--tx3)"
              opacity=".7"
            />
          );
        })}
        <rect
          x={x(alert.timeMs) - 0.75}
          y="4"
          width="1.500"
          height={foot - 4}
          fill={LEVEL_FILL[alert.level]}
        />
        {alerts.map((each) => {
          const event = events.find((other) => other.timeMs === each.timeMs);
          const lane = event ? laneAt(laneOf(event)) : 0;
          return (
            <path
              key={each.alertId}
              d={`M${x(each.timeMs)} ${y(lane) - 7}l6 7-6 7-6-7z`}
              fill={LEVEL_FILL[each.level]}
              stroke="var(--bg1)"
              strokeWidth="1.500"
            />
          );
        })}
      </svg>
    </div>
  );
}

/** One mark a pixel and lane, higher where events share it. */
function marks(
  events: readonly EventRow[],
  laneAt: (name: string) => number,
  x: (ms: number) => number,
): [string, number, number, number][] {
  const slots = new Map<string, [string, number, number, number]>();
  for (const event of events) {
    const lane = laneAt(laneOf(event));
    const left = Math.round(x(event.timeMs) / 2) * 2;
    const key = `${lane} ${left}`;
    const slot = slots.get(key);
    if (slot) slot[3]++;
    else slots.set(key, [key, left, lane, 1]);
  }
  return [...slots.values()];
}

function ticks(range: NeighbourRange, at: number): number[] {
  const step = (at - range.fromMs) / 6;
  return Array.from({ length: 7 }, (_, i) => range.fromMs + i * step);
}

function label(ms: number, at: number, range: NeighbourRange, zone: Zone): string {
  return ms === at || range.span === "5m" ? clock(ms, zone) : clockMinutes(ms, zone);
}

export function LaneName({ event }: { event: EventRow }) {
  return <HostileText text={laneOf(event)} />;
}

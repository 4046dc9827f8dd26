import { type PointerEvent, useState } from "react";
import { useElementWidth } from "../parts/useElementWidth";
import { clock, clockMinutes, full, type Zone } from "../time/format";

export interface Series {
  name: string;
  /** A CSS colour of the chart palette. */
  colour: string;
  /** Absent where nothing was measured. */
  values: readonly (number | undefined)[];
}

interface Props {
  title: string;
  /** Milliseconds since the epoch, rising; one for each value. */
  times: readonly number[];
  series: readonly Series[];
  zone: Zone;
  format: (value: number) => string;
  /** A value that should not be passed, drawn as a dashed line when it is in sight. */
  limit?: { value: number; name: string };
}

const HEIGHT = 148;
const TOP = 8;
const FOOT = 20;
const LEFT = 52;
const RIGHT = 12;
/** A gap this many times the usual step is drawn as a gap, not a line. */
const GAP = 3.5;

/** Lines over time from zero. Gaps stay gaps; the pointer reads values. */
export function LineChart({ title, times, series, zone, format, limit }: Props) {
  const [box, width] = useElementWidth(640);
  const [over, setOver] = useState<number | null>(null);
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 1;
  const top = niceTop(Math.max(0, ...series.flatMap((each) => measured(each.values))));
  const x = (ms: number) => LEFT + ((ms - first) / Math.max(1, last - first)) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - FOOT);
  const nearest = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setOver(nearestIndex(times, first + ((left - LEFT) / (width - LEFT - RIGHT)) * (last - first)));
  };
  const at = over !== null ? times[over] : undefined;
  const summary = series.map((each) => describe(each, format)).join(" ");
  return (
    <div ref={box} className="chart">
      <p className="chart-sum t2">{summary}</p>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${title}. ${summary}`}
        onPointerMove={nearest}
        onPointerLeave={() => setOver(null)}
      >
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <path d={`M${LEFT} ${y(top * part)}H${width - RIGHT}`} stroke="var(--line)" />
            <text x={LEFT - 8} y={y(top * part) + 4} textAnchor="end">
              {part === 0.5 && format(top / 2) === format(top) ? "" : format(top * part)}
            </text>
          </g>
        ))}
        {times.length > 1 &&
          [0, 0.25, 0.5, 0.75, 1].map((part) => (
            <text
              key={part}
              x={x(first + (last - first) * part)}
              y={HEIGHT - 5}
              textAnchor={part === 0 ? "start" : part === 1 ? "end" : "middle"}
            >
              {last - first > 600_000
                ? clockMinutes(first + (last - first) * part, zone)
                : clock(first + (last - first) * part, zone)}
            </text>
          ))}
        {limit && limit.value <= top && (
          <g>
            <path
              d={`M${LEFT} ${y(limit.value)}H${width - RIGHT}`}
              stroke="var(--high)"
              strokeDasharray="4 3"
            />
            <text className="limit" x={width - RIGHT} y={y(limit.value) - 4} textAnchor="end">
              {limit.name}
            </text>
          </g>
        )}
        {series.map((each) => (
          <path
            key={each.name}
            d={path(times, each.values, x, y)}
            fill="none"
            stroke={each.colour}
            strokeWidth="1.5"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        ))}
        {at !== undefined && (
          <path d={`M${x(at)} ${TOP}V${HEIGHT - FOOT}`} stroke="var(--tx3)" strokeDasharray="2 2" />
        )}
        {at !== undefined &&
          over !== null &&
          series.map((each) => {
            const value = each.values[over];
            return (
              value !== undefined && (
                <circle
                  key={each.name}
                  cx={x(at)}
                  cy={y(value)}
                  r="3"
                  fill={each.colour}
                  stroke="var(--bg1)"
                />
              )
            );
          })}
      </svg>
      {at !== undefined && over !== null && (
        <div className={`hist-tip chart-tip${x(at) > width / 2 ? " left" : ""}`} style={{ left: x(at) }}>
          <span className="t3">{full(at, zone).replace(/\.\d+/, "")}</span>
          {series.map((each) => (
            <span key={each.name}>
              <i style={{ background: each.colour }} />
              {each.name} <b>{said(each.values[over], format)}</b>
            </span>
          ))}
        </div>
      )}
      <details>
        <summary>Table</summary>
        <Table title={title} times={times} series={series} zone={zone} format={format} />
      </details>
    </div>
  );
}

/** The chart in ten rows. */
function Table({ title, times, series, zone, format }: Props) {
  const step = Math.max(1, Math.ceil(times.length / 10));
  return (
    <table className="chart-table">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          {series.map((each) => (
            <th key={each.name} scope="col">
              {each.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((ms, at) =>
          at % step === 0 ? (
            <tr key={ms}>
              <th scope="row">{clock(ms, zone)}</th>
              {series.map((each) => (
                <td key={each.name}>{said(each.values[at], format)}</td>
              ))}
            </tr>
          ) : null,
        )}
      </tbody>
    </table>
  );
}

const measured = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value) => value !== undefined);

const said = (value: number | undefined, format: (value: number) => string): string =>
  value === undefined ? "not measured" : format(value);

function describe(series: Series, format: (value: number) => string): string {
  const known = measured(series.values);
  const missing = series.values.length - known.length;
  const gap = missing > 0 ? `, ${missing} of ${series.values.length} samples missing` : "";
  return `${series.name}: now ${said(series.values.at(-1), format)}, at most ${format(Math.max(0, ...known))}${gap}.`;
}

function nearestIndex(times: readonly number[], ms: number): number | null {
  if (times.length === 0) return null;
  let best = 0;
  times.forEach((each, at) => {
    if (Math.abs(each - ms) < Math.abs((times[best] ?? 0) - ms)) best = at;
  });
  return best;
}

/** 1, 2 or 5 times a power of ten, at or above `value`. */
export function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** A value that was not measured, or a step much longer than usual, leaves a gap. */
export function path(
  times: readonly number[],
  values: readonly (number | undefined)[],
  x: (ms: number) => number,
  y: (value: number) => number,
): string {
  const steps = times.slice(1).map((ms, i) => ms - (times[i] ?? 0));
  const usual = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  let open = false;
  return times
    .map((ms, at) => {
      const value = values[at];
      if (value === undefined) {
        open = false;
        return "";
      }
      const joined = open && ms - (times[at - 1] ?? 0) <= usual * GAP;
      open = true;
      return `${joined ? "L" : "M"}${x(ms).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
}

import { type PointerEvent, useRef, useState } from "react";
import { type HistogramBucket, LEVELS, type Level } from "../api/wire";
import type { Zone } from "../time/format";
import { clock, clockMinutes, dayMonth, duration, full } from "../time/format";
import { plural, whole } from "./numbers";
import { LEVEL_FILL, LEVEL_NAME } from "./Severity";

const WIDTH = 900;
const HEIGHT = 40;
const DAY_MS = 86400e3;
/** Under this, labels need seconds to differ. */
const BRIEF_MS = 15 * 60_000;

interface Props {
  buckets: readonly HistogramBucket[];
  levels: readonly Level[];
  zone: Zone;
  /** The last label reads `now` instead of a time. */
  running: boolean;
  onBrush: (fromMs: number, toMs: number) => void;
}

/** Alerts over time, stacked by level, info at the foot. Drag over it to choose a range. */
export function Histogram({ buckets, levels, zone, running, onBrush }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const totals = buckets.map((bucket) => sum(bucket, levels));
  const top = Math.max(1, ...totals);
  const step = WIDTH / Math.max(1, buckets.length);
  const indexAt = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box || box.width === 0) return 0;
    const at = Math.floor(((event.clientX - box.left) / box.width) * buckets.length);
    return Math.min(buckets.length - 1, Math.max(0, at));
  };
  const brush = () => {
    if (!drag) return;
    const first = buckets[Math.min(drag.from, drag.to)];
    const last = buckets[Math.max(drag.from, drag.to)];
    setDrag(null);
    if (first && last) onBrush(first.startMs, last.endMs);
  };
  const hovered = over === null ? undefined : buckets[over];
  return (
    <div className="hw">
      <svg
        ref={svg}
        className="hist"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={describe(buckets, totals, zone)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: indexAt(event), to: indexAt(event) });
        }}
        onPointerMove={(event) => {
          setOver(indexAt(event));
          if (drag) setDrag({ ...drag, to: indexAt(event) });
        }}
        onPointerUp={brush}
        onPointerLeave={() => setOver(null)}
      >
        <rect width={WIDTH} height={HEIGHT} fill="transparent" />
        {buckets.map((bucket, at) => (
          <Bar key={bucket.startMs} bucket={bucket} levels={levels} x={at * step} width={step} top={top} />
        ))}
        {over !== null && !drag && (
          <rect className="hist-over" x={over * step} width={step} height={HEIGHT} />
        )}
        {drag && (
          <rect
            className="hist-brush"
            x={Math.min(drag.from, drag.to) * step}
            width={(Math.abs(drag.to - drag.from) + 1) * step}
            height={HEIGHT}
          />
        )}
      </svg>
      <div className="ax">{axis(buckets, zone, running)}</div>
      {hovered && over !== null && (
        <div className="hist-tip" style={{ left: `${((over + 0.5) / buckets.length) * 100}%` }}>
          <b>{plural(sum(hovered, levels), "alert")}</b>
          <span className="t3">
            {full(hovered.startMs, zone).replace(/\.\d+/, "")}, {duration(hovered.endMs - hovered.startMs)}
          </span>
          {hovered.levels
            .filter(({ level, count }) => count > 0 && levels.includes(level))
            .map(({ level, count }) => (
              <span key={level}>
                <i style={{ background: LEVEL_FILL[level] }} />
                {LEVEL_NAME[level]} {whole(count)}
              </span>
            ))}
        </div>
      )}
      <Table buckets={buckets} totals={totals} zone={zone} />
    </div>
  );
}

function sum(bucket: HistogramBucket, levels: readonly Level[]): number {
  return bucket.levels.reduce((total, each) => total + (levels.includes(each.level) ? each.count : 0), 0);
}

function Bar({
  bucket,
  levels,
  x,
  width,
  top,
}: {
  bucket: HistogramBucket;
  levels: readonly Level[];
  x: number;
  width: number;
  top: number;
}) {
  const gap = Math.min(1.8, width * 0.2);
  let y = HEIGHT;
  return [...LEVELS].reverse().map((level) => {
    const count = levels.includes(level)
      ? (bucket.levels.find((each) => each.level === level)?.count ?? 0)
      : 0;
    if (count === 0) return null;
    // Next to a peak of thousands one critical alert must still be seen.
    const height = Math.max(1.2, (count / top) * (HEIGHT - 2));
    y -= height;
    const faint = level === "informational" || level === "low";
    return (
      <rect
        key={level}
        x={x + gap / 2}
        y={Math.max(0, y)}
        width={width - gap}
        height={height}
        fill={LEVEL_FILL[level]}
        opacity={faint ? 0.55 : 1}
      />
    );
  });
}

function axis(buckets: readonly HistogramBucket[], zone: Zone, running: boolean) {
  const first = buckets[0]?.startMs ?? 0;
  const last = buckets.at(-1)?.endMs ?? 0;
  if (last <= first) return null;
  const days = last - first > 2 * DAY_MS;
  const long = last - first > 400 * DAY_MS;
  const at = (part: number) => {
    const ms = first + (last - first) * part;
    if (long) return full(ms, zone).slice(0, 7);
    if (days) return dayMonth(ms, zone);
    return last - first < BRIEF_MS ? clock(ms, zone) : clockMinutes(ms, zone);
  };
  return [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => (
    <span key={part}>{part === 1 && running ? "now" : at(part)}</span>
  ));
}

function describe(buckets: readonly HistogramBucket[], totals: number[], zone: Zone): string {
  const all = totals.reduce((a, b) => a + b, 0);
  const peak = Math.max(0, ...totals);
  const at = buckets[totals.indexOf(peak)];
  if (!at || all === 0) return "No alerts over this time.";
  return `${plural(all, "alert")} over time, by severity. Peak ${whole(peak)} at ${full(at.startMs, zone)}.`;
}

function Table({
  buckets,
  totals,
  zone,
}: {
  buckets: readonly HistogramBucket[];
  totals: number[];
  zone: Zone;
}) {
  return (
    <table className="vh">
      <caption>Alerts over time</caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">Alerts</th>
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket, at) =>
          totals[at] ? (
            <tr key={bucket.startMs}>
              <th scope="row">{full(bucket.startMs, zone)}</th>
              <td>{totals[at]}</td>
            </tr>
          ) : null,
        )}
      </tbody>
    </table>
  );
}

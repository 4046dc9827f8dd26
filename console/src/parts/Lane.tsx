import type { AlertRow } from "../api/wire";
import { LEVEL_FILL } from "./Severity";

const TICKS_MOST = 400;

/** One line of time: events as ticks, alerts as diamonds over them. */
export function Lane({
  fromMs,
  toMs,
  times,
  alerts,
  label,
}: {
  fromMs: number;
  toMs: number;
  times: readonly number[];
  alerts: readonly Pick<AlertRow, "alertId" | "timeMs" | "level">[];
  label: string;
}) {
  const at = (ms: number) => `${Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100))}%`;
  return (
    <svg className="lane" role="img" aria-label={label}>
      <line x1="0" x2="100%" y1="50%" y2="50%" stroke="var(--line)" />
      {thinned(times, fromMs, toMs).map(([ms, count]) => {
        const height = Math.min(12, 4 + Math.log2(count + 1) * 2);
        return (
          <rect
            key={ms}
            x={at(ms)}
            y={9 - height / 2}
            width="1.6"
            height={height}
            fill="var(--tx3)"
            opacity=".7"
          />
        );
      })}
      {alerts.map((alert) => (
        <svg key={alert.alertId} x={at(alert.timeMs)} y="50%" overflow="visible" aria-hidden="true">
          <path
            d="M0-5 5 0 0 5-5 0z"
            fill={LEVEL_FILL[alert.level]}
            stroke="var(--bg1)"
            strokeWidth="1.500"
          />
        </svg>
      ))}
    </svg>
  );
}

/** Times in slots, so that ten thousand events are at most a few hundred marks. */
function thinned(times: readonly number[], fromMs: number, toMs: number): [number, number][] {
  const slot = Math.max(1, (toMs - fromMs) / TICKS_MOST);
  const counts = new Map<number, number>();
  for (const ms of times) {
    if (ms < fromMs || ms > toMs) continue;
    const key = Math.floor((ms - fromMs) / slot);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => [fromMs + (key + 0.5) * slot, count]);
}

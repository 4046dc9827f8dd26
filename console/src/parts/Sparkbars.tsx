import type { HistogramBucket } from "../api/wire";
import { LEVELS } from "../api/wire";
import { plural } from "./numbers";
import { LEVEL_FILL } from "./Severity";

/** Counts over time in the height of a line of text. */
export function Sparkbars({ buckets }: { buckets: readonly HistogramBucket[] }) {
  const totals = buckets.map((bucket) => bucket.levels.reduce((sum, each) => sum + each.count, 0));
  const top = Math.max(1, ...totals);
  const step = 400 / Math.max(1, buckets.length);
  return (
    <svg
      className="spark"
      viewBox="0 0 400 24"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${plural(
        totals.reduce((a, b) => a + b, 0),
        "alert",
      )} over time, at most ${top} at once`}
    >
      <path d="M0 23.500h400" stroke="var(--line)" />
      {buckets.map((bucket, at) => {
        const count = totals[at] ?? 0;
        if (count === 0) return null;
        const worst = LEVELS.find((level) =>
          bucket.levels.some((each) => each.level === level && each.count > 0),
        );
        const height = Math.max(2, (count / top) * 22);
        return (
          <rect
            key={bucket.startMs}
            x={at * step + 0.5}
            y={23 - height}
            width={Math.max(1, step - 1)}
            height={height}
            fill={LEVEL_FILL[worst ?? "informational"]}
          />
        );
      })}
    </svg>
  );
}

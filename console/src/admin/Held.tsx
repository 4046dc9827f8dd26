import { useNow } from "../app/clock";
import { duration } from "../time/format";

/** Whether a credential still holds, and for how long. */
export function Held({
  of,
  soonMs = 7 * 86400e3,
}: {
  of: { expiresMs: number; revokedMs: number };
  /** Less left than this wants attention. */
  soonMs?: number;
}) {
  const now = useNow();
  if (of.revokedMs > 0) return <span className="t3">Revoked</span>;
  if (of.expiresMs > 0 && of.expiresMs <= now) return <span className="t3">Expired</span>;
  const left = of.expiresMs - now;
  const soon = of.expiresMs > 0 && left < soonMs;
  return (
    <span className={soon ? "warn-text" : "good"}>
      {of.expiresMs > 0 ? `Holds for ${duration(left)}` : "Holds"}
    </span>
  );
}

import { useNow } from "../app/clock";
import { useSettings } from "../app/settings";
import { dayTime, full } from "../time/format";

/** A day and a time; the tip has it to the millisecond. */
export function When({ ms }: { ms: number }) {
  const { zone } = useSettings();
  const now = useNow();
  return <span title={full(ms, zone)}>{ms ? dayTime(ms, zone, now) : "unknown"}</span>;
}

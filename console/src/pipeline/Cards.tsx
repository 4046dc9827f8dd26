import type { PipelineHealth } from "../api/wire";
import { useNow } from "../app/clock";
import { bytes, rate, short, whole } from "../parts/numbers";
import { delay, duration } from "../time/format";

/** Lag above this means that alerts may be missing from what people see. */
export const LAG_LIMIT_S = 30;

/** The figures that say at a glance whether the pipeline keeps up. */
export function Cards({ health }: { health: PipelineHealth }) {
  const now = useNow();
  const checkpoint = health.lastCheckpoint;
  return (
    <dl className="cards">
      <Card
        name="In"
        value={rate(health.eventsInPerSecond)}
        unit="ev/s"
        note={`${short(health.eventsTotal)} stored in all`}
      />
      <Card name="Stored" value={rate(health.eventsStoredPerSecond)} unit="ev/s" />
      <Card
        name="Lag"
        value={delay(health.lagSeconds * 1000)}
        hot={health.lagSeconds > LAG_LIMIT_S}
        note={`${whole(health.consumerLagRecords)} records wait`}
      />
      <Card
        name="Alerts"
        value={rate(health.alertsPerSecond)}
        unit="/s"
        note={`${short(health.alertsTotal)} in all`}
      />
      <Card
        name="Late"
        value={short(health.lateEvents)}
        unit="events"
        note={share(health.lateEvents, health.eventsTotal)}
      />
      <Card
        name="Dead letters"
        value={short(health.deadLetters)}
        hot={health.deadLetters > 0}
        note={share(health.deadLetters, health.eventsTotal)}
      />
      <Card
        name="Checkpoint"
        value={checkpoint && checkpoint.completedMs > 0 ? duration(now - checkpoint.completedMs) : "none yet"}
        unit={checkpoint && checkpoint.completedMs > 0 ? "ago" : ""}
        hot={(checkpoint?.failedCount ?? 0) > 0}
        note={
          checkpoint && checkpoint.completedMs > 0
            ? `${delay(checkpoint.durationMs)}, ${bytes(checkpoint.sizeBytes)}${checkpoint.failedCount > 0 ? `, ${whole(checkpoint.failedCount)} failed` : ""}`
            : ""
        }
      />
    </dl>
  );
}

function share(part: number, all: number): string {
  if (all === 0 || part === 0) return part === 0 ? "none" : "";
  const percent = (part / all) * 100;
  return percent < 0.01 ? "under 0.01 %" : `${percent.toFixed(2)} %`;
}

function Card({
  name,
  value,
  unit = "",
  note = "",
  hot = false,
}: {
  name: string;
  value: string;
  unit?: string;
  note?: string;
  hot?: boolean;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={hot ? "hot" : ""}>
        {value} {unit && <small>{unit}</small>}
      </dd>
      <dd className="note">{note}</dd>
    </div>
  );
}

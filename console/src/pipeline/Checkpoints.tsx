import type { PipelineHealth } from "../api/wire";
import { useNow } from "../app/clock";
import { useSettings } from "../app/settings";
import { bytes, whole } from "../parts/numbers";
import { EmptyState } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { clock, delay, duration, full } from "../time/format";

const TONE: Record<string, string> = { completed: "good", failed: "bad" };

/** What Flink keeps of the last checkpoints, newest first. */
export function Checkpoints({ health }: { health: PipelineHealth }) {
  const { zone } = useSettings();
  const now = useNow();
  const { checkpoints, lastCheckpoint } = health;
  if (checkpoints.length === 0) {
    return (
      <section className="panel" aria-label="Checkpoints">
        <EmptyState title="Flink tells of no checkpoint.">
          <p className="t2">The job has just begun, or Flink was not asked.</p>
        </EmptyState>
      </section>
    );
  }
  const done = checkpoints.filter((each) => each.status === "completed");
  return (
    <section className="panel" aria-label="Checkpoints">
      <div className="ph">
        <h2>Checkpoints</h2>
        <span className="t3">what the job would go on from</span>
      </div>
      <p className="chart-sum t2">
        {done.length} of the last {checkpoints.length} completed
        {lastCheckpoint &&
          lastCheckpoint.completedMs > 0 &&
          `, the newest ${duration(now - lastCheckpoint.completedMs)} ago`}
        {lastCheckpoint &&
          lastCheckpoint.failedCount > 0 &&
          `; ${whole(lastCheckpoint.failedCount)} failed since the job started`}
        .
      </p>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">State</th>
            <th scope="col">Began</th>
            <th scope="col" className="num">
              Took
            </th>
            <th scope="col" className="num">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {checkpoints.map((each) => (
            <tr key={each.id}>
              <th scope="row" className="m">
                {each.id}
              </th>
              <td className={TONE[each.status] ?? ""}>
                <HostileText text={each.status.replaceAll("_", " ")} />
                {each.savepoint && <span className="t3"> savepoint</span>}
              </td>
              <td className="m" title={full(each.triggeredMs, zone)}>
                {clock(each.triggeredMs, zone)}
              </td>
              <td className="num">{delay(each.durationMs)}</td>
              <td className="num">{bytes(each.sizeBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import type { PipelineHealth, Status } from "../api/wire";
import { HostileText } from "../text/HostileText";

const STATUS: Record<Status, [dot: string, words: string]> = {
  ok: ["", "healthy"],
  degraded: [" w", "degraded"],
  down: [" bad", "down"],
  unknown: [" none", "unknown"],
};

const NAMES: Record<string, string> = {
  kafka: "Kafka",
  flink: "Flink",
  "detection-job": "Detection job",
  clickhouse: "ClickHouse",
  "control-api": "Control API",
};

/** The way of an event, from left to right. */
const ORDER = ["kafka", "flink", "detection-job", "clickhouse", "control-api"];

/** What runs, and how it is. */
export function Components({ health }: { health: PipelineHealth }) {
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const components = [...health.components].sort((a, b) => place(a.name) - place(b.name));
  if (components.length === 0) return null;
  return (
    <ol className="flow" aria-label="Components">
      {components.map((component) => (
        <li key={component.name} className="panel">
          <div className="flow-head">
            <span className={`dot${STATUS[component.status][0]}`} />
            <b>
              <HostileText text={NAMES[component.name] ?? component.name} />
            </b>
            <span className="sp" />
            <span className={component.status === "ok" ? "t3" : "warn-text"}>
              {STATUS[component.status][1]}
            </span>
          </div>
          <p className="t2">
            <HostileText text={component.detail} />
          </p>
        </li>
      ))}
    </ol>
  );
}

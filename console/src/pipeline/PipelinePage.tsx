import type { PipelineHealth, Status } from "../api/wire";
import { useNow } from "../app/clock";
import { useSettings } from "../app/settings";
import { usePipelineHealth } from "../app/TopBar";
import { Icon } from "../parts/Icon";
import { bytes, rate, short, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { clock, delay, duration, full } from "../time/format";
import { LineChart } from "./LineChart";

/** Lag above this means that alerts may be missing from what people see. */
const LAG_LIMIT_S = 30;

export default function PipelinePage() {
  const health = usePipelineHealth();
  const { zone } = useSettings();
  const { data } = health;
  return (
    <main className="pg pipeline">
      <div className="pipe-body" role="region" aria-label="Pipeline" tabIndex={0}>
        <h1 className="vh">Pipeline</h1>
        {health.error && (
          <ErrorBox
            what={
              data
                ? `No new figures; these are of ${clock(data.serverTimeMs, zone)}.`
                : "The pipeline could not be asked."
            }
            error={health.error}
            onRetry={() => health.refetch()}
          />
        )}
        {health.isPending && <Skeleton rows={12} label="Loading the pipeline" />}
        {data && (
          <>
            <Cards health={data} />
            {data.lagSeconds > LAG_LIMIT_S && (
              <div className="stale-banner" role="alert">
                <Icon name="warn" />
                The pipeline is {delay(data.lagSeconds * 1000)} behind. Alerts may be missing.
              </div>
            )}
            <Components health={data} />
            <Charts health={data} />
            <DeadLetters health={data} />
          </>
        )}
      </div>
      <footer className="ft">
        <span>
          {data &&
            `${whole(data.rules)} rules, ${short(data.eventsTotal)} events and ${short(data.alertsTotal)} alerts stored`}
        </span>
        <span className="sp" />
        <Measured at={health.dataUpdatedAt} />
      </footer>
    </main>
  );
}

function Measured({ at }: { at: number }) {
  const now = useNow();
  if (at === 0) return null;
  return <span>Measured {duration(now - at)} ago</span>;
}

function Cards({ health }: { health: PipelineHealth }) {
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

function Components({ health }: { health: PipelineHealth }) {
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

function Charts({ health }: { health: PipelineHealth }) {
  const { zone } = useSettings();
  const { samples } = health;
  if (samples.length < 2) {
    return (
      <section className="panel">
        <EmptyState title="Charts begin when two samples are there." />
      </section>
    );
  }
  const times = samples.map((sample) => sample.timeMs);
  return (
    <div className="charts">
      <section className="panel wide">
        <ChartHead
          title="Throughput"
          unit="events per second"
          keys={[
            ["in", "var(--c1)"],
            ["stored", "var(--c2)"],
          ]}
        />
        <LineChart
          title="Throughput, events per second"
          times={times}
          zone={zone}
          format={rate}
          series={[
            { name: "in", colour: "var(--c1)", values: samples.map((sample) => sample.eventsInPerSecond) },
            {
              name: "stored",
              colour: "var(--c2)",
              values: samples.map((sample) => sample.eventsStoredPerSecond),
            },
          ]}
        />
      </section>
      <section className="panel">
        <ChartHead title="Lag" unit="records that wait in Kafka" keys={[]} />
        <LineChart
          title="Lag, records"
          times={times}
          zone={zone}
          format={short}
          series={[
            {
              name: "waiting",
              colour: "var(--c3)",
              values: samples.map((sample) => sample.consumerLagRecords),
            },
          ]}
        />
      </section>
      <section className="panel">
        <ChartHead title="Alerts" unit="per second" keys={[]} />
        <LineChart
          title="Alerts per second"
          times={times}
          zone={zone}
          format={rate}
          series={[
            { name: "alerts", colour: "var(--c4)", values: samples.map((sample) => sample.alertsPerSecond) },
          ]}
        />
      </section>
    </div>
  );
}

function ChartHead({ title, unit, keys }: { title: string; unit: string; keys: [string, string][] }) {
  return (
    <div className="ph">
      <h2>{title}</h2>
      <span className="t3">{unit}</span>
      <span className="sp" />
      {keys.map(([name, colour]) => (
        <span key={name} className="t2 key">
          <i style={{ background: colour }} />
          {name}
        </span>
      ))}
    </div>
  );
}

function DeadLetters({ health }: { health: PipelineHealth }) {
  const { zone } = useSettings();
  const rows = health.recentDeadLetters;
  return (
    <section className="panel dead">
      <div className="ph">
        <h2>Dead letters</h2>
        <span className="t3">
          {rows.length === 0
            ? "every record could be read"
            : `the last ${rows.length} of ${whole(health.deadLetters)}`}
        </span>
      </div>
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Code</th>
              <th scope="col">Why</th>
              <th scope="col">Tenant</th>
              <th scope="col" className="num">
                Partition
              </th>
              <th scope="col" className="num">
                Offset
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.partition}:${row.offset}`}>
                <td className="m" title={full(row.timeMs, zone)}>
                  {clock(row.timeMs, zone)}
                </td>
                <td className="m">
                  <HostileText text={row.code} />
                </td>
                <td className="reason">
                  <HostileText text={row.reason} />
                </td>
                <td className="m">
                  <HostileText text={row.tenantId} />
                </td>
                <td className="num">{row.partition}</td>
                <td className="num">{row.offset}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

import type { PipelineHealth } from "../api/wire";
import { useSettings } from "../app/settings";
import { rate } from "../parts/numbers";
import { EmptyState } from "../parts/states";
import { delay } from "../time/format";
import { LAG_LIMIT_S } from "./Cards";
import { LineChart } from "./LineChart";

/** Figures over the last half hour, from zero; what was not measured is a gap. */
export function Charts({ health }: { health: PipelineHealth }) {
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
        <ChartHead title="Lag" unit="age of what is stored while records wait" keys={[]} />
        <LineChart
          title="Lag"
          times={times}
          zone={zone}
          format={(seconds) => delay(seconds * 1000)}
          limit={{ value: LAG_LIMIT_S, name: `${LAG_LIMIT_S} s: alerts may be missing` }}
          series={[{ name: "lag", colour: "var(--c3)", values: samples.map((sample) => sample.lagSeconds) }]}
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

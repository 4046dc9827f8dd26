import type { PipelineHealth, Stage } from "../api/wire";
import { rate, short, whole } from "../parts/numbers";
import { HostileText } from "../text/HostileText";

const WORDS: Record<string, [name: string, unit: string, errors: string]> = {
  source: ["Source", "records/s", ""],
  parse: ["Parse", "events/s", "dead letters"],
  match: ["Match", "events/s", "failures of rules"],
  remember: ["Remember", "matches/s", "failures of rules"],
  alert: ["Alert", "alerts/s", "rows refused"],
};

/** The way of an event through the running job, with what each stage does and what goes wrong there. */
export function Stages({ health }: { health: PipelineHealth }) {
  if (health.stages.length === 0) {
    return (
      <p className="stages-none t3">
        The job does not run, or Flink was not asked: no figures of its stages.
      </p>
    );
  }
  return (
    <ol className="stages panel" aria-label="Stages">
      {health.stages.map((stage) => (
        <li key={stage.name}>
          <StageFigures stage={stage} />
        </li>
      ))}
    </ol>
  );
}

function StageFigures({ stage }: { stage: Stage }) {
  const [name, unit, errors] = WORDS[stage.name] ?? [stage.name, "records/s", "errors"];
  return (
    <>
      <b>
        <HostileText text={name} />
      </b>
      <span className="fig">
        {stage.recordsPerSecond === undefined ? "–" : rate(stage.recordsPerSecond)} <small>{unit}</small>
      </span>
      <span className="t3 small">
        {[
          stage.waiting !== undefined && `${short(stage.waiting)} wait`,
          stage.busyShare !== undefined && `busy ${Math.round(stage.busyShare * 100)} %`,
        ]
          .filter(Boolean)
          .join(", ")}
      </span>
      {stage.errors !== undefined && errors && (
        <span className={stage.errors > 0 ? "warn-text small" : "t3 small"}>
          {whole(stage.errors)} {errors}
        </span>
      )}
    </>
  );
}

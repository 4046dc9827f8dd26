import "../styles/pipeline.css";
import { Link } from "wouter";
import type { PipelineHealth } from "../api/wire";
import { useNow } from "../app/clock";
import { routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { usePipelineHealth } from "../app/TopBar";
import { Icon } from "../parts/Icon";
import { short, whole } from "../parts/numbers";
import { ErrorBox, Skeleton } from "../parts/states";
import { clock, delay, duration } from "../time/format";
import { Cards, LAG_LIMIT_S } from "./Cards";
import { Charts } from "./Charts";
import { Checkpoints } from "./Checkpoints";
import { Components } from "./Components";
import { CostPerRule } from "./CostPerRule";
import { DeadLetters } from "./DeadLetters";
import { LateSources } from "./LateSources";
import { Stages } from "./Stages";

const PARTS = [
  ["", "Overview"],
  ["cost", "Cost per rule"],
  ["dead-letters", "Dead letters"],
  ["checkpoints", "Checkpoints"],
] as const;

/** Rules that the overview shows; the part of its own has them all. */
const DEAREST = 8;

export default function PipelinePage({ tenant, part }: { tenant: string; part: string }) {
  const health = usePipelineHealth();
  const { zone } = useSettings();
  const { data } = health;
  return (
    <main className="pg pipeline">
      <div className="pipe-body" role="region" aria-label="Pipeline" tabIndex={0}>
        <h1 className="vh">Pipeline</h1>
        <nav className="tabs" aria-label="Parts of the pipeline page">
          {PARTS.map(([value, label]) => (
            <Link
              key={value}
              href={routes.pipeline(tenant, value)}
              aria-current={value === part ? "page" : undefined}
            >
              {label}
            </Link>
          ))}
        </nav>
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
        {data && <Part tenant={tenant} part={part} health={data} />}
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

function Part({ tenant, part, health }: { tenant: string; part: string; health: PipelineHealth }) {
  if (part === "cost") return <CostPerRule tenant={tenant} health={health} />;
  if (part === "dead-letters") return <DeadLetters tenant={tenant} />;
  if (part === "checkpoints") return <Checkpoints health={health} />;
  return (
    <>
      <Cards health={health} />
      {health.lagSeconds > LAG_LIMIT_S && (
        <div className="stale-banner" role="alert">
          <Icon name="warn" />
          The pipeline is {delay(health.lagSeconds * 1000)} behind. Alerts may be missing.
        </div>
      )}
      <Stages health={health} />
      <Components health={health} />
      <Charts health={health} />
      <div className="pipe-two">
        <CostPerRule tenant={tenant} health={health} most={DEAREST} />
        <LateSources sources={health.lateBySource} />
      </div>
      <DeadLetters tenant={tenant} />
    </>
  );
}

function Measured({ at }: { at: number }) {
  const now = useNow();
  if (at === 0) return null;
  return <span>Measured {duration(now - at)} ago</span>;
}

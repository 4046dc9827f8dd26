import { Link } from "wouter";
import type { PipelineHealth } from "../api/wire";
import { routes } from "../app/routes";
import { bytes, plural, short, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { useRuleStatuses } from "../rules/figures";
import { HostileText } from "../text/HostileText";
import { micros, type RuleCost, ruleCosts } from "./cost";

const SHOWN = 200;

/** What each rule's matches take; finding them is shared by all rules and not in it. */
export function CostPerRule({
  tenant,
  health,
  most = SHOWN,
}: {
  tenant: string;
  health: PipelineHealth;
  most?: number;
}) {
  const status = useRuleStatuses(tenant);
  const costs = ruleCosts(status.data?.rules ?? [], health.matchedEvents);
  const spent = costs.filter((each) => each.nanos > 0);
  const shown = (spent.length > 0 ? spent : costs).slice(0, most);
  return (
    <section className="panel cost" aria-label="Cost per rule">
      <div className="ph">
        <h2>Cost per rule</h2>
        <span className="t3">time on a rule's own matches; the index that finds them is shared by all</span>
      </div>
      {status.error && (
        <ErrorBox
          what="Figures of rules could not be read."
          error={status.error}
          onRetry={() => status.refetch()}
        />
      )}
      {status.isPending && <Skeleton rows={5} label="Loading figures of rules" />}
      {status.data && status.data.subtasks === 0 && (
        <p className="chart-sum t2">No job reports, so there is nothing to count.</p>
      )}
      {status.data && costs.length === 0 && <EmptyState title="No rule runs." />}
      {shown.length > 0 && (
        <>
          <p className="chart-sum t2">
            {spent.length === 0
              ? "No rule has matched since the job started."
              : `${plural(spent.length, "rule")} of ${whole(costs.length)} took ${micros(spent.reduce((sum, each) => sum + each.nanos / 1000, 0))} since the job started${shown.length < spent.length ? `; the dearest ${shown.length} are shown` : ""}.`}
          </p>
          <CostTable tenant={tenant} costs={shown} />
        </>
      )}
    </section>
  );
}

function CostTable({ tenant, costs }: { tenant: string; costs: readonly RuleCost[] }) {
  const most = Math.max(1e-9, ...costs.map((each) => each.share));
  return (
    <table className="figures bars">
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Share</th>
          <th scope="col" className="num">
            Per event
          </th>
          <th scope="col" className="num">
            Per match
          </th>
          <th scope="col" className="num">
            Matches
          </th>
          <th scope="col" className="num">
            State
          </th>
          <th scope="col" className="num">
            Errors
          </th>
        </tr>
      </thead>
      <tbody>
        {costs.map((each) => (
          <tr key={each.ruleId}>
            <th scope="row" className="el">
              <Link href={routes.rule(tenant, each.ruleId)}>
                <HostileText text={each.title} />
              </Link>{" "}
              <span className="t3">{each.versions}</span>
              {each.fault && (
                <span className="bad">
                  {" "}
                  <HostileText text={each.fault} />
                </span>
              )}
            </th>
            <td className="barred">
              <span className="bar" aria-hidden="true">
                <i style={{ transform: `scaleX(${each.share / most})` }} />
              </span>
              {(each.share * 100).toFixed(1)} %
            </td>
            <td className="num">{each.microsPerEvent === undefined ? "–" : micros(each.microsPerEvent)}</td>
            <td className="num">{each.microsPerMatch === undefined ? "–" : micros(each.microsPerMatch)}</td>
            <td className="num">{short(each.matches)}</td>
            <td className="num">{each.stateBytes > 0 ? bytes(each.stateBytes) : "–"}</td>
            <td className={each.errors > 0 ? "num warn-text" : "num"}>{whole(each.errors)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

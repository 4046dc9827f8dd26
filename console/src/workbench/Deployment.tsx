import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Deployed,
  deployRules,
  getRuleStatus,
  type RuleStatus,
  retireRule,
  rollBackRule,
} from "../api/deployments";
import { ApiError } from "../api/fetchJson";
import type { RuleText } from "../api/workbench";
import { toast } from "../app/toast";
import { Dialog } from "../parts/Dialog";
import { bytes, whole } from "../parts/numbers";
import { ErrorBox } from "../parts/states";
import { HostileText } from "../text/HostileText";

const STATUS_EVERY_MS = 2000;
const DOT = { live: "live", shadow: "sh", draft: "dr", retired: "off" } as const;

interface Props {
  tenant: string;
  /** The rule that the text is; empty while it does not compile. */
  ruleId: string;
  source: RuleText;
  /** Why the text cannot be deployed now; empty: it can. */
  obstacle: string;
}

export function useRuleStatus(tenant: string, ruleId: string) {
  return useQuery({
    queryKey: ["rulestatus", tenant, ruleId],
    queryFn: ({ signal }) => getRuleStatus(tenant, ruleId, signal),
    enabled: ruleId !== "",
    refetchInterval: STATUS_EVERY_MS,
    placeholderData: (previous) => previous,
    // A rule that was never deployed has no status.
    retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.code === "NOT_FOUND"),
  });
}

/** Which versions run, and the way from here to the next: shadow, live, back. */
export function Deployment({ tenant, ruleId, source, obstacle }: Props) {
  const client = useQueryClient();
  const status = useRuleStatus(tenant, ruleId);
  const [asked, ask] = useState<"rollback" | "retire" | null>(null);
  const change = useMutation({
    mutationFn: (run: () => Promise<Deployed>) => run(),
    onSuccess: (answer) => {
      toast(outcome(answer));
      return client.invalidateQueries({ queryKey: ["rulestatus", tenant] });
    },
  });
  const rules = status.data?.rules ?? [];
  const running = rules.some((each) => each.stage === "live" || each.stage === "shadow");
  const deploy = (to: "shadow" | "live") => change.mutate(() => deployRules(tenant, [source], to));
  const blocked = obstacle !== "" || change.isPending;
  return (
    <>
      <ul className="lc" aria-label="Versions">
        {rules.map((each) => (
          <li key={`${each.version}-${each.stage}-${each.tenants.join()}`}>
            <span className={`dot ${DOT[each.stage]}`} />
            <b>v{each.version}</b> {each.stage}
          </li>
        ))}
      </ul>
      <span className="sp" />
      {running && (
        <>
          <button type="button" className="btn" disabled={change.isPending} onClick={() => ask("retire")}>
            Retire…
          </button>
          <button type="button" className="btn" disabled={change.isPending} onClick={() => ask("rollback")}>
            Roll back…
          </button>
        </>
      )}
      <button
        type="button"
        className="btn"
        disabled={blocked}
        title={obstacle}
        onClick={() => deploy("shadow")}
      >
        Deploy to shadow
      </button>
      <button
        type="button"
        className="btn p"
        disabled={blocked}
        title={obstacle}
        onClick={() => deploy("live")}
      >
        Deploy live
      </button>
      {change.error && (
        <Dialog label="Nothing was changed" onClose={() => change.reset()}>
          <ErrorBox what="The deployment was refused." error={change.error} />
        </Dialog>
      )}
      {asked && (
        <Dialog
          label={asked === "retire" ? "Retire this rule" : "Roll back this rule"}
          onClose={() => ask(null)}
        >
          <h2 className="h">{asked === "retire" ? "Retire this rule" : "Roll back this rule"}</h2>
          <p className="say">
            {asked === "retire"
              ? "It stops on every subtask. Its alerts stay, and every version can be deployed again."
              : "The newest version below the one that runs takes its place on every subtask."}
          </p>
          <div className="dialog-acts">
            <button
              type="button"
              className="btn p"
              onClick={() => {
                const run = asked === "retire" ? retireRule : rollBackRule;
                change.mutate(() => run(tenant, ruleId));
                ask(null);
              }}
            >
              {asked === "retire" ? "Retire" : "Roll back"}
            </button>
            <button type="button" className="btn" onClick={() => ask(null)}>
              Cancel
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function outcome(answer: Deployed): string {
  const error = answer.diagnostics.find((each) => each.severity === "error");
  if (answer.revision === 0 && error) return `Refused: ${error.message}`;
  const changed = answer.rules.filter((each) => each.changed);
  const one = changed[0];
  if (!one) return `Nothing changed; revision ${answer.revision} runs.`;
  return changed.length === 1
    ? `Version ${one.version} is in revision ${answer.revision}.`
    : `${changed.length} rules are in revision ${answer.revision}.`;
}

/** What each version has done since its subtasks started. */
export function RuleFigures({ tenant, ruleId }: { tenant: string; ruleId: string }) {
  const status = useRuleStatus(tenant, ruleId);
  const rules = status.data?.rules ?? [];
  if (rules.length === 0) return null;
  return (
    <section className="sec" aria-label="Running versions">
      <h2 className="h">
        Running{" "}
        <span className="t3">
          revision {whole(status.data?.revision ?? 0)}, active on {status.data?.active ?? 0} of{" "}
          {status.data?.subtasks ?? 0} subtasks
        </span>
      </h2>
      {status.data?.refusal && (
        <p className="bad small">
          <HostileText text={status.data.refusal} />
        </p>
      )}
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Active</th>
            <th scope="col">Matches</th>
            <th scope="col">Alerts</th>
            <th scope="col">Time</th>
            <th scope="col">State</th>
            <th scope="col">Errors</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((each) => (
            <Figures key={`${each.version}-${each.stage}-${each.tenants.join()}`} status={each} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Figures({ status }: { status: RuleStatus }) {
  return (
    <tr>
      <th scope="row">
        v{status.version} {status.stage}
        {status.tenants.length > 0 && (
          <span className="t3">
            {" "}
            for <HostileText text={status.tenants.join(", ")} />
          </span>
        )}
        {status.fault && (
          <span className="bad">
            {" "}
            <HostileText text={status.fault} />
          </span>
        )}
      </th>
      <td>
        {status.active} of {status.subtasks}
      </td>
      <td>{whole(status.matches)}</td>
      <td>{whole(status.alerts)}</td>
      <td>{(status.nanos / 1e6).toFixed(1)} ms</td>
      <td>{bytes(status.stateBytes)}</td>
      <td>{whole(status.errors)}</td>
    </tr>
  );
}

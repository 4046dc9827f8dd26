import type { RuleStatus } from "../api/deployments";
import type { RuleEvent } from "../api/rules";
import { useNow } from "../app/clock";
import { Icon } from "../parts/Icon";
import { EmptyState, ErrorBox } from "../parts/states";
import { useRuleFigures } from "../rules/figures";
import { duration } from "../time/format";
import { type Gate, gates } from "./gates";
import { useAlertCount, useRuleHistory } from "./queries";

/** The gates of the version in shadow; empty while none is. */
export function useGates(tenant: string, ruleId: string, placed: readonly RuleStatus[]) {
  const live = placed.find((each) => each.stage === "live");
  const shadow = placed.find((each) => each.stage === "shadow");
  const watched = shadow !== undefined;
  const history = useRuleHistory(tenant, ruleId, watched);
  const liveAlerts = useAlertCount(tenant, ruleId, false, watched);
  const shadowAlerts = useAlertCount(tenant, ruleId, true, watched);
  const figures = useRuleFigures(tenant);
  const nowMs = useNow();
  const sinceMs = shadow ? shadowSince(history.data?.events ?? [], shadow.version) : 0;
  const all = shadow
    ? gates({
        live,
        shadow,
        liveAlerts: liveAlerts.data,
        shadowAlerts: shadowAlerts.data,
        figures: figures.data?.rules.find((each) => each.ruleId === ruleId),
        sinceMs,
        nowMs,
      })
    : [];
  return { live, shadow, gates: all, sinceMs, error: history.error ?? shadowAlerts.error };
}

export type Gates = ReturnType<typeof useGates>;

/** When the version came to be in shadow, by the newest event that put it there. */
function shadowSince(events: readonly RuleEvent[], version: number): number {
  const staged = events.find(
    (each) =>
      each.version === version &&
      (each.after.length === 0 ||
        each.after.some((place) => place.version === version && place.stage === "shadow")) &&
      (each.action === "staged" || each.action === "created" || each.action === "rolled_back"),
  );
  return staged?.timeMs ?? 0;
}

const MARK: Record<Gate["state"], [icon: "ok" | "x" | "clock" | "", words: string, tone: string]> = {
  met: ["ok", "holds", "good"],
  failed: ["x", "does not hold", "bad"],
  waiting: ["clock", "not yet", "warn-text"],
  none: ["", "no gate", "t3"],
};

/** The version in shadow against the live one, and what it has to show before it is promoted. */
export function ShadowPanel({ watched }: { watched: Gates }) {
  const { live, shadow, sinceMs } = watched;
  const now = useNow();
  if (!shadow) {
    return (
      <EmptyState title="No version is in shadow.">
        <p className="t2">
          In shadow a version runs on everything and raises nothing, so that its figures can be seen first.
        </p>
      </EmptyState>
    );
  }
  return (
    <section className="sec" aria-label="Shadow against live">
      <h2 className="h">
        Shadow v{shadow.version} {live ? `against live v${live.version}` : "alone, no version is live"}{" "}
        <span className="t3">{sinceMs > 0 && duration(now - sinceMs)}</span>
      </h2>
      {watched.error && <ErrorBox what="Some figures could not be read." error={watched.error} />}
      <GateTable watched={watched} />
    </section>
  );
}

export function GateTable({ watched: { live, shadow, gates: all } }: { watched: Gates }) {
  return (
    <table className="figures gates">
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">{live ? `live v${live.version}` : "live"}</th>
          <th scope="col">shadow v{shadow?.version}</th>
          <th scope="col">gate</th>
          <th scope="col">
            <span className="vh">Holds</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {all.map((each) => {
          const [icon, words, tone] = MARK[each.state];
          return (
            <tr key={each.name}>
              <th scope="row">{each.name}</th>
              <td>{each.live}</td>
              <td>
                <b>{each.shadow}</b>
              </td>
              <td className="t3">{each.gate}</td>
              <td className={tone}>
                {icon ? (
                  <span role="img" aria-label={words}>
                    <Icon name={icon} />
                  </span>
                ) : (
                  <span className="vh">{words}</span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

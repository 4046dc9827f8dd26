import type { AlertDetail } from "../api/wire";
import { useSettings } from "../app/settings";
import { Key } from "../parts/Key";
import { plural, whole } from "../parts/numbers";
import { defang } from "../text/defang";
import { HostileText } from "../text/HostileText";
import { clockMillis, full, offset } from "../time/format";
import { episodeOf } from "./why";

/** What a correlation or pattern saw: whom it is about, what it found, and its events in order. */
export function EpisodePanel({ detail, onRaw }: { detail: AlertDetail; onRaw: () => void }) {
  const { zone } = useSettings();
  const episode = episodeOf(detail);
  if (!episode) return null;
  const { group, findings, steps } = episode;
  const first = steps[0]?.timeMs ?? 0;
  const more = detail.alert.count - steps.length;
  return (
    <section className="panel episode" aria-label="Events of the episode">
      <div className="ph">
        <h2>Its events, in order</h2>
        <span className="t3">
          {plural(steps.length, "event")}
          {more > 0 && ` of ${whole(detail.alert.count)} matches`}
        </span>
        <span className="sp" />
        <button type="button" className="btn low" onClick={onRaw}>
          Raw events <Key name="3" />
        </button>
      </div>
      <dl className="kv bd group-key">
        <div>
          <dt>Group</dt>
          <dd>
            {group.length === 0
              ? "all events together"
              : group.map(({ field, value }) => (
                  <span key={`${field} ${value}`} className="pair">
                    <HostileText text={field} />{" "}
                    <span className="m b">
                      <HostileText text={value || "empty"} />
                    </span>
                  </span>
                ))}
          </dd>
        </div>
        {findings.length > 0 && (
          <div>
            <dt>Found</dt>
            <dd>
              {findings.map(({ field, value }) => (
                <span key={`${field} ${value}`} className="pair">
                  <HostileText text={field} />{" "}
                  <span className="m b">
                    <HostileText text={value} />
                  </span>
                </span>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <ol className="ev steps-ev">
        {steps.map((step, at) => (
          <li key={step.eventId}>
            <span className="t3 num">{at + 1}</span>
            <span className="m" title={full(step.timeMs, zone)}>
              {clockMillis(step.timeMs, zone)}
            </span>
            <span className="t3 num">{at === 0 ? "0" : offset(step.timeMs - first)}</span>
            <span className="el t2">
              <HostileText text={step.member || "event"} />
            </span>
            <span className="el m">
              {step.event ? (
                <HostileText text={defang(step.event.summary)} />
              ) : (
                <span className="t3">no longer stored</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

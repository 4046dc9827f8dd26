import type { LateSource } from "../api/wire";
import { short, whole } from "../parts/numbers";
import { HostileText } from "../text/HostileText";

export const sourceName = ({ product, category, service }: LateSource["logSource"]): string =>
  [product, category, service].filter(Boolean).join(" / ") || "unknown log source";

/** Who sends late: bars by the number of late events, each with its share of the source. */
export function LateSources({ sources }: { sources: readonly LateSource[] }) {
  const most = Math.max(1, ...sources.map((each) => each.lateEvents));
  const all = sources.reduce((sum, each) => sum + each.lateEvents, 0);
  return (
    <section className="panel late" aria-label="Late by source">
      <div className="ph">
        <h2>Late by source</h2>
        <span className="t3">entered over 5 min after they happened, last minute</span>
      </div>
      <p className="chart-sum t2">
        {sources.length === 0
          ? "Nobody sends late."
          : `${whole(all)} late events from ${sources.length === 20 ? "20 or more" : sources.length} log sources.`}
      </p>
      {sources.length > 0 && (
        <table className="figures bars">
          <thead>
            <tr>
              <th scope="col">Log source</th>
              <th scope="col">Late</th>
              <th scope="col" className="num">
                Events
              </th>
              <th scope="col" className="num">
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {sources.map((each) => (
              <tr key={sourceName(each.logSource)}>
                <th scope="row" className="el">
                  <HostileText text={sourceName(each.logSource)} />
                </th>
                <td className="barred">
                  <span className="bar" aria-hidden="true">
                    <i style={{ transform: `scaleX(${each.lateEvents / most})` }} />
                  </span>
                  {short(each.lateEvents)}
                </td>
                <td className="num">{short(each.events)}</td>
                <td className="num">
                  {each.events > 0 ? `${((each.lateEvents / each.events) * 100).toFixed(1)} %` : ""}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

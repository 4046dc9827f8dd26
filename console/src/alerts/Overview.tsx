import type { AlertSummary, NamedCount } from "../api/wire";
import { parentOf, TECHNIQUE_NAMES } from "../coverage/attack";
import { whole } from "../parts/numbers";
import { LEVEL_FILL, Severity } from "../parts/Severity";
import { HostileText, NameText } from "../text/HostileText";

/** Beside the queue while no alert is chosen: what the alerts are made of. */
export function Overview({
  summary,
  onField,
}: {
  summary: AlertSummary | undefined;
  onField: (field: string, value: string) => void;
}) {
  return (
    <aside className="pv" aria-label="Overview">
      <div className="pvh">
        <h2>Overview</h2>
        <div className="pvm">
          <span className="t3">
            Choose an alert to see why it fired. Choose a line below to filter by it.
          </span>
        </div>
      </div>
      <div className="pvb" tabIndex={0} role="region" aria-label="Overview">
        {summary && (
          <>
            <Top title="Rules" field="rule" counts={summary.rules} most={10} onField={onField} />
            <Top title="Hosts" field="host" counts={summary.hosts} most={8} onField={onField} />
            <Top
              title="Techniques"
              field="technique"
              counts={summary.techniques}
              most={8}
              onField={onField}
            />
          </>
        )}
      </div>
    </aside>
  );
}

function Top({
  title,
  field,
  counts,
  most,
  onField,
}: {
  title: string;
  field: string;
  counts: readonly NamedCount[];
  most: number;
  onField: (field: string, value: string) => void;
}) {
  const shown = counts.slice(0, most);
  const top = Math.max(1, ...shown.map((each) => each.count));
  if (shown.length === 0) return null;
  return (
    <section className="sec">
      <h3 className="h">
        {title}{" "}
        <span className="t3">
          {shown.length < counts.length ? `top ${shown.length} of ${counts.length}` : counts.length}
        </span>
      </h3>
      <ul className="tops">
        {shown.map((each) => (
          <li key={each.id}>
            <button type="button" onClick={() => onField(field, each.id)}>
              <Severity level={each.highest} />
              <span className={field === "rule" ? "el" : "el m"}>
                {field === "host" ? <NameText text={each.id} /> : <Named count={each} field={field} />}
              </span>
              <span className="bar" aria-hidden="true">
                <i
                  style={{
                    transform: `scaleX(${each.count / top})`,
                    background: LEVEL_FILL[each.highest],
                  }}
                />
              </span>
              <span className="num">{whole(each.count)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Named({ count, field }: { count: NamedCount; field: string }) {
  if (field === "rule") return <HostileText text={count.name || count.id} />;
  return (
    <>
      <HostileText text={count.id} />
      <span className="t3 sans">
        {" "}
        <HostileText text={TECHNIQUE_NAMES.get(parentOf(count.id)) ?? ""} />
      </span>
    </>
  );
}

import { useNow } from "../app/clock";
import { useSettings } from "../app/settings";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { duration, full } from "../time/format";
import { shortName } from "../triage/verdicts";
import { useRuleHistory } from "./queries";

const ACTION: Record<string, string> = {
  created: "saved",
  staged: "staged",
  rolled_back: "rolled back to",
  retired: "retired",
  directory: "came from the directory",
  adopted: "was found in Kafka",
  renumbered: "was renumbered",
};

interface Props {
  tenant: string;
  ruleId: string;
  kept: boolean;
  onCompare(version: number): void;
}

/** Who did what to the rule, when and why. */
export function HistoryPanel({ tenant, ruleId, kept, onCompare }: Props) {
  const { zone } = useSettings();
  const now = useNow();
  const history = useRuleHistory(tenant, ruleId, kept);
  if (!kept) return <EmptyState title="Nothing has been done to this rule yet." />;
  if (history.error) {
    return (
      <ErrorBox
        what="The history could not be read."
        error={history.error}
        onRetry={() => history.refetch()}
      />
    );
  }
  if (!history.data) return <Skeleton rows={6} label="Loading the history" />;
  if (history.data.events.length === 0) return <EmptyState title="Nothing has been done to this rule yet." />;
  return (
    <section className="sec" aria-label="History">
      <ol className="rh">
        {history.data.events.map((each) => (
          <li key={`${each.revision} ${each.timeMs} ${each.action} ${each.version}`}>
            <span className="t3 num" title={full(each.timeMs, zone)}>
              {duration(now - each.timeMs)}
            </span>
            <span>
              <b>
                <HostileText text={shortName(each.author)} />
              </b>{" "}
              <HostileText text={ACTION[each.action] ?? each.action} />{" "}
              {each.version > 0 && (
                <button type="button" className="link" onClick={() => onCompare(each.version)}>
                  v{each.version}
                </button>
              )}{" "}
              {each.after.map((place) => (
                <span key={`${place.version} ${place.stage}`} className="t2">
                  {place.version === each.version ? "" : `v${place.version} `}
                  {place.stage}{" "}
                </span>
              ))}
              {each.waitsForKafka && <span className="warn-text">waits for Kafka</span>}
              {each.comment && (
                <span className="said">
                  <HostileText text={each.comment} multiline />
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

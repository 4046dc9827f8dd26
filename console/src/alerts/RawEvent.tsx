import { useMemo } from "react";
import type { AlertDetail, EventRow, MatchedField } from "../api/wire";
import { copy } from "../app/copy";
import { useSettings } from "../app/settings";
import { Icon } from "../parts/Icon";
import { bytes, whole } from "../parts/numbers";
import { EmptyState } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { matchedPart } from "../text/matchedPart";
import { type JsonLine, prettyJson } from "../text/prettyJson";
import { full } from "../time/format";

const MOST_LINES = 2000;

/** The events as they were received, with what matched marked. */
export function RawEvent({ detail }: { tenant: string; detail: AlertDetail }) {
  if (detail.events.length === 0) {
    return (
      <EmptyState title="The event is no longer stored.">
        <p className="t2">The alert keeps the values that matched: see the summary.</p>
      </EmptyState>
    );
  }
  return detail.events.map((event) => (
    <Payload
      key={event.eventId}
      event={event}
      matches={detail.evidence
        .filter((evidence) => evidence.eventId === event.eventId || detail.events.length === 1)
        .flatMap((evidence) => evidence.fields)}
    />
  ));
}

function Payload({ event, matches }: { event: EventRow; matches: readonly MatchedField[] }) {
  const { zone } = useSettings();
  const lines = useMemo(() => prettyJson(event.payload, matches), [event.payload, matches]);
  const marked = lines?.filter((line) => line.marks.length > 0).length ?? 0;
  return (
    <section className="panel raw" id={`event-${event.eventId}`}>
      <div className="ph">
        <h2>As received</h2>
        <span className="t3">
          {bytes(new Blob([event.payload]).size)}, {full(event.timeMs, zone)}
          {event.origin && (
            <>
              , from <HostileText text={event.origin} />
            </>
          )}
        </span>
        <span className="sp" />
        {marked > 0 && (
          <span className="t2">
            <mark>{whole(marked)}</mark> matched
          </span>
        )}
        <button type="button" className="btn low" onClick={() => copy(event.payload, "Event")}>
          <Icon name="copy" />
          Copy
        </button>
      </div>
      {lines ? <Lines lines={lines} /> : <Plain text={event.payload} />}
      <Columns ocsf={event.ocsf} className={event.className} matches={matches} />
    </section>
  );
}

function Lines({ lines }: { lines: readonly JsonLine[] }) {
  const shown = lines.slice(0, MOST_LINES);
  return (
    <>
      <div className="json m" role="region" aria-label="Event as JSON" tabIndex={0}>
        {shown.map((line, at) => (
          <div key={String(at)} className={line.marks.length > 0 ? "hit" : ""}>
            <i aria-hidden="true">{at + 1}</i>
            <span style={{ paddingLeft: line.indent * 16 }}>
              {line.key && (
                <>
                  <span className="k">
                    <HostileText text={line.key} />
                  </span>
                  {": "}
                </>
              )}
              <span className={line.kind === "string" ? "s" : line.kind === "bracket" ? "t3" : "md"}>
                <HostileText text={line.value} marks={line.marks} />
              </span>
              {line.comma && ","}
              {line.selections.map((name) => (
                <span key={name} className="sel-tag">
                  <HostileText text={name} />
                </span>
              ))}
            </span>
          </div>
        ))}
      </div>
      {lines.length > shown.length && (
        <p className="none">
          {whole(lines.length - shown.length)} more lines are not shown. Copy gives the whole event.
        </p>
      )}
    </>
  );
}

function Plain({ text }: { text: string }) {
  return (
    <>
      <p className="none">This event is not one JSON object, so it is shown as it came.</p>
      <pre className="plain-payload" tabIndex={0}>
        <HostileText text={text} multiline />
      </pre>
    </>
  );
}

/** The columns that people filter by; what the rule asked for is marked there too. */
function Columns({
  ocsf,
  className,
  matches,
}: {
  ocsf: Record<string, string>;
  className: string;
  matches: readonly MatchedField[];
}) {
  const entries = Object.entries(ocsf).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return null;
  return (
    <div className="ocsf">
      <h3 className="h">
        OCSF columns{" "}
        <span className="t3">
          <HostileText text={className} />
        </span>
      </h3>
      <dl className="kv wide">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt className="m">
              <HostileText text={name} />
            </dt>
            <dd className="m">
              <HostileText
                text={value}
                marks={matches
                  .filter((match) => match.value === value)
                  .flatMap((match) => matchedPart(value, match))}
              />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

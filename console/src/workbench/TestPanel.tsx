import { useState } from "react";
import type { TestedEpisode, TestedEvent, TestResult, Verdict } from "../api/workbench";
import { plural } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { EmptyState, ErrorBox } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { full } from "../time/format";
import { WhyTree } from "./WhyTree";

interface Props {
  events: string;
  count: number;
  result: TestResult | undefined;
  error: Error | null;
  running: boolean;
  onChange(events: string): void;
  onTest(): void;
  children: React.ReactNode;
}

/** Test events beside the rule, what it says of each, and why. */
export function TestPanel({ events, count, result, error, running, onChange, onTest, children }: Props) {
  const [chosen, choose] = useState(0);
  const rows = (result?.events ?? []).flatMap(rowsOf);
  const row = rows[Math.min(chosen, rows.length - 1)];
  return (
    <div className="wb-tests">
      <section className="sec">
        <h2 className="h">
          Test events <span className="t3">{plural(count, "event")}, one JSON object each</span>
        </h2>
        <textarea
          className="m"
          aria-label="Test events, JSON"
          spellCheck={false}
          value={events}
          placeholder={'{"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "Image": "…"}'}
          onChange={(change) => onChange(change.target.value)}
          onKeyDown={(key) => {
            if (key.key === "Enter" && (key.ctrlKey || key.metaKey)) {
              key.preventDefault();
              onTest();
            }
          }}
        />
      </section>
      {error && <ErrorBox what="The rule could not be tested." error={error} onRetry={onTest} />}
      {!result && !error && (
        <EmptyState title={running ? "Testing" : "Not tested yet."}>
          <p className="t2">
            <kbd>Ctrl</kbd> <kbd>Enter</kbd> puts the events to the rule.
          </p>
        </EmptyState>
      )}
      {result && (
        <section className="sec" aria-label="Results">
          <h2 className="h">
            Results{" "}
            <span className="t3">
              {rows.filter((each) => each.verdict?.fired).length} of {rows.length} match
            </span>
          </h2>
          <ul className="te">
            {rows.map((each, index) => (
              <li
                key={`${String(each.at)}-${each.verdict?.ruleId ?? ""}`}
                aria-current={each === row || undefined}
              >
                <button type="button" onClick={() => choose(index)}>
                  <span className="num t3">{each.at + 1}</span>
                  <span className="el">
                    <HostileText text={each.verdict?.title ?? each.event.error} />
                  </span>
                  <span className={each.verdict?.fired ? "good" : each.verdict ? "t3" : "bad"}>
                    {each.verdict ? (each.verdict.fired ? "match" : "no match") : "unreadable"}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {row?.verdict?.explanation && (
        <section className="sec" aria-label="Why">
          <h2 className="h">
            Why event {row.at + 1} {row.verdict.fired ? "matches" : "does not match"}
          </h2>
          {row.verdict.explanation.reasons.map((reason) => (
            <p key={reason} className="t2 small">
              <HostileText text={reason} />
            </p>
          ))}
          <WhyTree explanation={row.verdict.explanation} />
        </section>
      )}
      {result && result.episodes.length > 0 && <Episodes episodes={result.episodes} />}
      {result?.notes.map((note) => (
        <p key={note} className="sec t2 small">
          <HostileText text={note} />
        </p>
      ))}
      {children}
    </div>
  );
}

interface Row {
  at: number;
  event: TestedEvent;
  verdict: Verdict | undefined;
}

function rowsOf(event: TestedEvent, at: number): Row[] {
  if (event.error) return [{ at, event, verdict: undefined }];
  return event.verdicts.map((verdict) => ({ at, event, verdict }));
}

function Episodes({ episodes }: { episodes: readonly TestedEpisode[] }) {
  return (
    <section className="sec" aria-label="Episodes">
      <h2 className="h">
        Episodes <span className="t3">{plural(episodes.length, "alert")} by correlations and patterns</span>
      </h2>
      <ul className="ep">
        {episodes.map((episode) => (
          <li key={`${episode.ruleId}-${episode.openUs}-${episode.group.map((each) => each.value).join()}`}>
            <Severity level={episode.level} />
            <span>
              <b>
                <HostileText text={episode.title} />
              </b>{" "}
              <span className="t3">{episode.kind.replaceAll("_", " ")}</span>
              <br />
              <span className="t2 small">
                {plural(episode.count, "match", "matches")} at{" "}
                <span className="m">{full(episode.openUs / 1000, "utc")}</span>
                {[...episode.group, ...episode.findings].map((each) => (
                  <span key={`${each.field}=${each.value}`}>
                    {" "}
                    · <HostileText text={each.field} />{" "}
                    <span className="m">
                      <HostileText text={each.value} />
                    </span>
                  </span>
                ))}
              </span>
              {episode.events.length > 0 && (
                <span className="t3 small"> · events {episode.events.map((at) => at + 1).join(", ")}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

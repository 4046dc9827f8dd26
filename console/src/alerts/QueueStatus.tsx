import { useEffect, useRef, useState } from "react";
import { useNow } from "../app/clock";
import { useSettings } from "../app/settings";
import type { Change } from "../app/urlState";
import { Icon } from "../parts/Icon";
import { KeyHint } from "../parts/Key";
import { plural, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { clock } from "../time/format";
import type { TimeRange } from "../time/range";
import type { State } from "../triage/verdicts";
import { withState } from "./queueQuery";
import type { AlertFeed } from "./useAlertFeed";
import type { Groups } from "./useGroups";

const STALE_MS = 10_000;
const BANNER_MS = 60_000;

export function StaleBanner({ feed }: { feed: AlertFeed }) {
  const now = useNow();
  const { zone } = useSettings();
  if (feed.connection === "fixed" || feed.aliveAt === 0) return null;
  const silence = now - feed.aliveAt;
  if (silence < BANNER_MS) return null;
  return (
    <div className="stale-banner" role="alert">
      <Icon name="warn" />
      No word from the server since {clock(feed.aliveAt, zone)}. New alerts are not shown; this page goes on
      trying.
    </div>
  );
}

function Updated({ feed }: { feed: AlertFeed }) {
  const now = useNow();
  const { zone } = useSettings();
  if (feed.connection === "fixed") return <span>Fixed range, not live</span>;
  if (feed.aliveAt === 0)
    return <span>{feed.connection === "down" ? "No live connection, trying" : "Connecting"}</span>;
  const silence = now - feed.aliveAt;
  if (silence >= STALE_MS || feed.connection === "down") {
    return <span className="warn-text">Reconnecting, data from {clock(feed.aliveAt, zone)}</span>;
  }
  return <span>Updated {Math.max(0, Math.round(silence / 1000))} s ago</span>;
}

/** What stands under the rows, or in their place: an error, loading, or why there are none. */
export function foot(
  feed: AlertFeed,
  visible: number,
  state: State,
  query: string,
  filtered: boolean,
  range: TimeRange,
  change: (changes: Change) => void,
) {
  if (feed.error) {
    return <ErrorBox what="Alerts could not be read." error={feed.error} onRetry={feed.retry} />;
  }
  if (feed.loading) return <Skeleton rows={14} label="Loading alerts" />;
  if (feed.loadingMore) return <Skeleton rows={2} label="Loading more alerts" />;
  if (visible > 0) return null;
  if (feed.rows.length > 0) {
    return (
      <EmptyState
        title={state === "open" ? "Everything loaded is decided." : "No loaded alert has this state."}
      >
        <button type="button" className="btn" onClick={() => change({ q: withState(query, "all") })}>
          Show all states
        </button>
      </EmptyState>
    );
  }
  if (filtered) {
    return (
      <EmptyState title="No alerts match.">
        <button type="button" className="btn" onClick={() => change({ q: null, view: null })}>
          Clear the query
        </button>
      </EmptyState>
    );
  }
  if (range.from === "all") {
    return (
      <EmptyState title="No alerts yet.">
        <p className="t2">They appear here as rules match. Send events in to see some.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No alerts in this time.">
      <button type="button" className="btn" onClick={() => change({ from: "all", to: null })}>
        Show all time
      </button>
    </EmptyState>
  );
}

/** In place of the groups, or under them; null when the alerts themselves have something to say. */
export function groupsFoot(groups: Groups, shown: number) {
  if (groups.error) {
    return <ErrorBox what="Groups could not be counted." error={groups.error} onRetry={groups.refresh} />;
  }
  if (groups.loading) return <Skeleton rows={14} label="Loading groups" />;
  const left = groups.totalGroups - groups.groups.length;
  if (shown === 0 || left <= 0) return null;
  return <EmptyState title={`${plural(left, "smaller group")} are not shown. Narrow the query.`} />;
}

/** The line at the bottom: where one is, the keys, and how fresh the rows are. */
export function QueueFoot({
  at,
  feed,
  groups,
  lines,
  hidden,
  pausedAt,
}: {
  /** Of the line that is chosen, less than 0 for none. */
  at: number;
  feed: AlertFeed;
  /** Null while nothing is grouped. */
  groups: Groups | null;
  lines: number;
  /** How many of the loaded alerts have another state. */
  hidden: number;
  pausedAt: number;
}) {
  const { zone } = useSettings();
  return (
    <footer className="ft">
      <span>
        {at >= 0 && `${whole(at + 1)} of `}
        {groups
          ? `${plural(lines, "line")}: ${plural(groups.totalGroups, "group")}, ${plural(groups.total, "alert")}`
          : plural(feed.total, "alert")}
        {!groups && hidden > 0 && `, ${whole(hidden)} of ${whole(feed.rows.length)} loaded hidden by state`}
      </span>
      <span className="sep" />
      <Keys />
      <span className="sp" />
      {pausedAt > 0 && (
        <>
          <span>
            Paused {clock(pausedAt, zone)}, {whole(feed.waiting.length)} waiting
          </span>
          <span className="sep" />
        </>
      )}
      <Updated feed={feed} />
    </footer>
  );
}

function Keys() {
  return (
    <>
      <KeyHint keys="jk">move</KeyHint>
      <span>
        <kbd>↵</kbd>open
      </span>
      <KeyHint keys="x">choose</KeyHint>
      <KeyHint keys="tfb">decide</KeyHint>
      <KeyHint keys="z">undo</KeyHint>
      <KeyHint keys="/">query</KeyHint>
      <KeyHint keys="?">all keys</KeyHint>
    </>
  );
}

/** Speaks of waiting alerts politely, every 10 s at most. */
export function Announcer({ feed }: { feed: AlertFeed }) {
  const [text, setText] = useState("");
  const spoken = useRef(0);
  const { zone } = useSettings();
  const count = feed.waiting.length;
  useEffect(() => {
    if (count === 0) return;
    const wait = Math.max(0, spoken.current + 10_000 - Date.now());
    const timer = setTimeout(() => {
      spoken.current = Date.now();
      setText(`${plural(count, "newer alert")} at ${clock(Date.now(), zone)}`);
    }, wait);
    return () => clearTimeout(timer);
  }, [count, zone]);
  return (
    <div className="vh" aria-live="polite">
      {text}
    </div>
  );
}

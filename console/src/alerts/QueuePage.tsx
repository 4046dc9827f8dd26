import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { AlertFilter } from "../api/filter";
import { type AlertSummary, LEVELS, type Level } from "../api/wire";
import { useNow } from "../app/clock";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { useUrlState } from "../app/urlState";
import { Histogram } from "../parts/Histogram";
import { Icon } from "../parts/Icon";
import { Menu } from "../parts/Menu";
import { plural, short, whole } from "../parts/numbers";
import { LEVEL_NAME } from "../parts/Severity";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { parseQuery, withField } from "../query/parseQuery";
import { QueryBar } from "../query/QueryBar";
import { clock } from "../time/format";
import { RangeMenu } from "../time/RangeMenu";
import { bounds, DEFAULT_RANGE, isOpen, type TimeRange } from "../time/range";
import { AlertGrid } from "./AlertGrid";
import { type GroupBy, grouped } from "./grouping";
import { Overview } from "./Overview";
import { copyLink, Preview } from "./Preview";
import { useRules, useSummary } from "./queries";
import { rememberQueue } from "./queueMemory";
import { type AlertFeed, useAlertFeed } from "./useAlertFeed";

const STALE_MS = 10_000;
const BANNER_MS = 60_000;
const SUMMARY_MS = 10_000;
const BUCKETS = 96;

export function QueuePage({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const [, navigate] = useLocation();
  const { zone } = useSettings();
  const query = url.get("q") ?? "";
  const view = (url.get("view") ?? "") as Level | "";
  const selected = url.get("sel") ?? "";
  const group = groupOf(url.get("group"));
  const range = useRange(url);
  const parsed = useMemo(() => parseQuery(query), [query]);
  const filter = useMemo(() => inView(parsed.filter, view), [parsed, view]);

  const [pausedAt, setPausedAt] = useState(0);
  const atTop = useRef(true);
  const gridBox = useRef<HTMLElement>(null);
  const holding = useRef<() => boolean>(() => false);
  holding.current = () =>
    pausedAt > 0 ||
    selected !== "" ||
    !atTop.current ||
    gridBox.current?.contains(document.activeElement) === true;
  const hold = useCallback(() => holding.current(), []);
  const feed = useAlertFeed(tenant, filter, range, hold);

  const summary = useSummary(
    tenant,
    JSON.stringify([parsed.filter, range]),
    (now) => ({ ...parsed.filter, ...bounds(range, now) }),
    { buckets: BUCKETS, refetchMs: pausedAt > 0 ? 0 : SUMMARY_MS },
  );
  const rules = useRules(tenant);
  const ruleTitle = useCallback(
    (id: string) => rules.data?.rules.find((rule) => rule.ruleId === id)?.title,
    [rules.data],
  );

  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useDeferredValue(feed.rows);
  const lines = useMemo(() => grouped(rows, group, closed), [rows, group, closed]);
  const order = useMemo(
    () => lines.flatMap((line) => (line.kind === "alert" ? [line.row.alertId] : [])),
    [lines],
  );
  const chosen = feed.rows.find((row) => row.alertId === selected);
  const input = useRef<HTMLInputElement>(null);

  const select = useCallback((id: string) => change({ sel: id }), [change]);
  const open = useCallback(
    (id: string) => {
      rememberQueue({ tenant, order, total: feed.total, search: window.location.search });
      navigate(routes.alert(tenant, id));
    },
    [tenant, order, feed.total, navigate],
  );
  const move = (step: number) => {
    const at = order.indexOf(selected);
    const next = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + step))];
    if (next) select(next);
  };
  const togglePause = () => {
    if (pausedAt > 0) feed.showWaiting();
    setPausedAt(pausedAt > 0 ? 0 : Date.now());
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => chosen && open(chosen.alertId),
    Escape: () => select(""),
    p: togglePause,
    ".": feed.showWaiting,
    "/": () => input.current?.focus(),
    y: () => chosen && copyLink(tenant, chosen.alertId),
    w: () => chosen && navigate(routes.rule(tenant, chosen.ruleId)),
  });

  const setRange = (next: TimeRange) =>
    change({ from: next.from === DEFAULT_RANGE.from && !next.to ? null : next.from, to: next.to });
  return (
    <main className={`pg queue${chosen ? " has-preview" : ""}`}>
      <h1 className="vh">Alerts</h1>
      <div className="vw">
        <Views summary={summary.data} view={view} onView={(next) => change({ view: next, sel: null })} />
        <span className="sp" />
        <RangeMenu range={range} onRange={setRange} />
        {isOpen(range) && (
          <button type="button" className="btn" aria-pressed={pausedAt > 0} onClick={togglePause}>
            <LiveDot feed={feed} paused={pausedAt > 0} />
            <kbd>P</kbd>
          </button>
        )}
      </div>
      <div className="qb">
        <QueryBar query={query} onQuery={(q) => change({ q })} inputRef={input} ruleTitle={ruleTitle} />
        <Menu
          label="Group by"
          className="tall"
          choices={GROUPS.map(([value, label]) => ({ value, label }))}
          value={group}
          onChoose={(value) => change({ group: value })}
        >
          Group: {GROUPS.find(([value]) => value === group)?.[1].toLowerCase()}
        </Menu>
      </div>
      <section className="sm" aria-label="Queue summary">
        <Figures summary={summary.data} />
        {summary.error && !summary.data ? (
          <ErrorBox
            what="The counts could not be read."
            error={summary.error}
            onRetry={() => summary.refetch()}
          />
        ) : (
          <Histogram
            buckets={summary.data?.histogram ?? []}
            levels={filter.levels ?? LEVELS}
            zone={zone}
            running={isOpen(range)}
            onBrush={(from, to) => setRange({ from: String(from), to: String(to) })}
          />
        )}
      </section>
      <section className="tb" ref={gridBox} aria-busy={feed.refetching}>
        <StaleBanner feed={feed} />
        <AlertGrid
          lines={lines}
          total={feed.total}
          selected={selected}
          zone={zone}
          groupBy={group}
          onSelect={select}
          onOpen={open}
          onEnd={feed.loadMore}
          onScrolled={(top) => {
            atTop.current = top;
          }}
          onToggle={(key) => setClosed(toggled(closed, key))}
          banner={<NewerBar feed={feed} />}
          foot={foot(feed, query !== "" || view !== "", range, change)}
        />
      </section>
      {chosen ? (
        <Preview
          tenant={tenant}
          row={chosen}
          zone={zone}
          onOpen={() => open(chosen.alertId)}
          onClose={() => select("")}
        />
      ) : (
        <Overview
          summary={summary.data}
          onField={(field, value) => change({ q: withField(query, field, value) })}
        />
      )}
      <footer className="ft">
        <span>
          {order.indexOf(selected) >= 0 && `${whole(order.indexOf(selected) + 1)} of `}
          {plural(feed.total, "alert")}
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
      <Announcer feed={feed} />
    </main>
  );
}

const GROUPS: [GroupBy, string][] = [
  ["", "None"],
  ["rule", "Rule"],
  ["host", "Host"],
  ["user", "User"],
];

const groupOf = (text: string | null): GroupBy => GROUPS.find(([value]) => value === text)?.[0] ?? "";

function useRange(url: URLSearchParams): TimeRange {
  const from = url.get("from") ?? DEFAULT_RANGE.from;
  const to = url.get("to") ?? "";
  return useMemo(() => ({ from, to }), [from, to]);
}

function inView(filter: AlertFilter, view: Level | ""): AlertFilter {
  if (!LEVELS.includes(view as Level)) return filter;
  return { ...filter, levels: [view as Level] };
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

function Views({
  summary,
  view,
  onView,
}: {
  summary: AlertSummary | undefined;
  view: string;
  onView: (view: string) => void;
}) {
  const count = (level: Level) => summary?.levels.find((each) => each.level === level)?.count ?? 0;
  return (
    <nav className="tabs" aria-label="Views">
      <button type="button" aria-current={view === "" ? "true" : undefined} onClick={() => onView("")}>
        All <b>{summary && short(summary.total)}</b>
      </button>
      {LEVELS.map((level) => (
        <button
          key={level}
          type="button"
          className={level === "critical" && count(level) > 0 ? "warn" : ""}
          aria-current={view === level ? "true" : undefined}
          onClick={() => onView(level)}
        >
          {LEVEL_NAME[level]} <b>{summary && short(count(level))}</b>
        </button>
      ))}
    </nav>
  );
}

function Figures({ summary }: { summary: AlertSummary | undefined }) {
  const severe =
    summary?.levels.reduce(
      (n, each) => n + (each.level === "critical" || each.level === "high" ? each.count : 0),
      0,
    ) ?? 0;
  return (
    <dl className="mt">
      <Figure name="Alerts" value={summary && short(summary.total)} />
      <Figure name="Critical, high" value={summary && short(severe)} hot={severe > 0} />
      <Figure name="Hosts" value={summary && short(summary.hosts.length)} />
      <Figure name="Rules" value={summary && short(summary.rules.length)} />
    </dl>
  );
}

function Figure({ name, value, hot = false }: { name: string; value: string | undefined; hot?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={hot ? "hot" : ""}>{value ?? "–"}</dd>
    </div>
  );
}

function LiveDot({ feed, paused }: { feed: AlertFeed; paused: boolean }) {
  if (paused) {
    return (
      <>
        <span className="dot w" />
        Paused
      </>
    );
  }
  const live = feed.connection === "live";
  return (
    <>
      <span className={`dot${live ? "" : " none"}`} />
      {live ? "Live" : "Connecting"}
    </>
  );
}

function NewerBar({ feed }: { feed: AlertFeed }) {
  const count = feed.waiting.length;
  if (count === 0) return null;
  const critical = feed.waiting.filter((row) => row.level === "critical").length;
  return (
    <button type="button" className="nw" onClick={feed.showWaiting}>
      <Icon name="up" />
      {plural(count, "newer alert")}
      {critical > 0 && `, ${whole(critical)} critical`}
      <kbd>.</kbd>
    </button>
  );
}

function StaleBanner({ feed }: { feed: AlertFeed }) {
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
function foot(
  feed: AlertFeed,
  filtered: boolean,
  range: TimeRange,
  change: (changes: Record<string, string | null>) => void,
) {
  if (feed.error) {
    return <ErrorBox what="Alerts could not be read." error={feed.error} onRetry={feed.retry} />;
  }
  if (feed.loading) return <Skeleton rows={14} label="Loading alerts" />;
  if (feed.loadingMore) return <Skeleton rows={2} label="Loading more alerts" />;
  if (feed.rows.length > 0) return null;
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

function Keys() {
  return (
    <>
      <span>
        <kbd>J</kbd>
        <kbd>K</kbd>move
      </span>
      <span>
        <kbd>↵</kbd>open
      </span>
      <span>
        <kbd>.</kbd>show new
      </span>
      <span>
        <kbd>/</kbd>query
      </span>
      <span>
        <kbd>?</kbd>all keys
      </span>
    </>
  );
}

/** Speaks of waiting alerts politely, every 10 s at most. */
function Announcer({ feed }: { feed: AlertFeed }) {
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

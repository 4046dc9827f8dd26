import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { AlertFilter } from "../api/filter";
import { MOST_AT_ONCE } from "../api/triage";
import { type AlertRow, type AlertSummary, LEVELS, type Level } from "../api/wire";
import { useNow } from "../app/clock";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { toast } from "../app/toast";
import { useUrlState } from "../app/urlState";
import { Histogram } from "../parts/Histogram";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { Menu } from "../parts/Menu";
import { plural, short, whole } from "../parts/numbers";
import { LEVEL_NAME } from "../parts/Severity";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { parseQuery, withField } from "../query/parseQuery";
import { QueryBar } from "../query/QueryBar";
import { isSavedId, SavedViews, useSavedFilters } from "../query/SavedViews";
import { clock } from "../time/format";
import { RangeMenu } from "../time/RangeMenu";
import { bounds, DEFAULT_RANGE, isOpen, type TimeRange } from "../time/range";
import { TriageButtons } from "../triage/TriageButtons";
import { UndoBar } from "../triage/UndoBar";
import { undo, useOverlay, useTriage, withTriage } from "../triage/useTriage";
import { type Asked, VerdictDialog } from "../triage/VerdictDialog";
import { type Decision, inState, isMe, STATES, type State } from "../triage/verdicts";
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
/** Fewer rows than this to see, and more are read. */
const FEW_ROWS = 60;

export function QueuePage({ tenant }: { tenant: string }) {
  const [url, change] = useUrlState();
  const [, navigate] = useLocation();
  const { zone } = useSettings();
  const place = url.get("view") ?? "";
  const saved = useSavedFilters(tenant).data?.find((each) => each.filterId === place);
  // A link to a saved filter holds until the query says otherwise.
  const query = url.get("q") ?? saved?.query ?? "";
  const view = (isSavedId(place) ? "" : place) as Level | "";
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
  const triage = useTriage(tenant);
  const overlay = useOverlay(tenant);
  const { me } = triage;
  const visible = useMemo(
    () =>
      feed.rows
        .map((row) => withTriage(row, overlay))
        .filter((row) => inState(row, parsed.state, (assignee) => isMe(assignee, me))),
    [feed.rows, overlay, parsed.state, me],
  );
  const rows = useDeferredValue(visible);
  const lines = useMemo(() => grouped(rows, group, closed), [rows, group, closed]);
  const order = useMemo(
    () => lines.flatMap((line) => (line.kind === "alert" ? [line.row.alertId] : [])),
    [lines],
  );
  const chosen = visible.find((row) => row.alertId === selected);
  const [picked, setPicked] = useState<ReadonlySet<string>>(NOTHING);
  const [asked, setAsked] = useState<Asked | null>(null);
  const refocus = useRef(false);
  useLoadPastHidden(visible.length, feed);
  const input = useRef<HTMLInputElement>(null);

  const select = useCallback((id: string) => change({ sel: id }), [change]);
  const open = useCallback(
    (id: string) => {
      rememberQueue({ tenant, order, total: feed.total, search: window.location.search });
      navigate(routes.alert(tenant, id));
    },
    [tenant, order, feed.total, navigate],
  );
  const choose = useCallback((ids: readonly string[], on: boolean) => {
    setPicked((before) => {
      const next = new Set(before);
      for (const id of ids) on ? next.add(id) : next.delete(id);
      if (next.size <= MOST_AT_ONCE) return next;
      toast(
        `One change takes ${whole(MOST_AT_ONCE)} alerts at most; the first ${whole(MOST_AT_ONCE)} are chosen.`,
      );
      return new Set([...next].slice(0, MOST_AT_ONCE));
    });
  }, []);
  const move = (step: number, event?: KeyboardEvent) => {
    const at = order.indexOf(selected);
    const next = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + step))];
    if (event?.shiftKey) choose([selected, next ?? ""].filter(Boolean), true);
    if (next) select(next);
  };
  /** What a change is about: the chosen rows, else the one under the cursor. */
  const subjects = (): AlertRow[] => {
    const many = visible.filter((row) => picked.has(row.alertId));
    return many.length > 0 ? many : chosen ? [chosen] : [];
  };
  const ask = (what: Asked["what"]) => {
    const about = subjects();
    if (about.length > 0 && triage.allowed) setAsked({ what, rows: about });
  };
  const decide = (verdict: Decision, comment: string) => {
    const about = asked?.rows ?? [];
    setAsked(null);
    setPicked(NOTHING);
    const gone = new Set(about.map((row) => row.alertId));
    if (gone.has(selected)) select(neighbour(order, selected, gone));
    refocus.current = true;
    triage.decide(about, verdict, comment);
  };
  const note = (text: string) => {
    triage.note(asked?.rows ?? [], text);
    setAsked(null);
  };
  const assign = () => {
    const about = subjects();
    if (about.length > 0 && triage.allowed) triage.assign(about);
  };
  const takeBack = () => {
    const [first] = undo();
    if (!first) return;
    select(first);
    refocus.current = true;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the rows stand as chosen
  useEffect(() => {
    if (!refocus.current) return;
    const row = gridBox.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!row) return;
    refocus.current = false;
    row.focus({ preventScroll: true });
  }, [lines, selected]);
  const togglePause = () => {
    if (pausedAt > 0) feed.showWaiting();
    setPausedAt(pausedAt > 0 ? 0 : Date.now());
  };
  useKeys({
    j: (event) => move(1, event),
    k: (event) => move(-1, event),
    ArrowDown: (event) => move(1, event),
    ArrowUp: (event) => move(-1, event),
    x: () => selected && choose([selected], !picked.has(selected)),
    t: () => ask("true_positive"),
    f: () => ask("false_positive"),
    b: () => ask("benign"),
    n: () => ask("note"),
    a: assign,
    z: takeBack,
    Enter: () => chosen && open(chosen.alertId),
    Escape: () => (picked.size > 0 ? setPicked(NOTHING) : select("")),
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
        <Views
          summary={summary.data}
          view={view}
          onView={(next) => change({ view: next, q: query, sel: null })}
        />
        <SavedViews
          tenant={tenant}
          view={isSavedId(place) ? place : ""}
          query={query}
          onView={(id, q) => change({ view: id, q, sel: null })}
        />
        <span className="sp" />
        <RangeMenu range={range} onRange={setRange} />
        {isOpen(range) && (
          <button type="button" className="btn" aria-pressed={pausedAt > 0} onClick={togglePause}>
            <LiveDot feed={feed} paused={pausedAt > 0} />
            <Key name="p" />
          </button>
        )}
      </div>
      <div className="qb">
        <QueryBar
          query={query}
          onQuery={(q) => change(q || !saved ? { q } : { q, view: null })}
          inputRef={input}
          ruleTitle={ruleTitle}
        />
        <Menu
          label="State"
          className="tall"
          choices={STATES.map(([value, label]) => ({ value, label }))}
          value={parsed.state}
          onChoose={(value) => change({ q: withState(query, value) })}
        >
          State: {STATES.find(([value]) => value === parsed.state)?.[1].toLowerCase()}
        </Menu>
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
        {picked.size > 0 && (
          <Bulk
            count={picked.size}
            allowed={triage.allowed}
            onAsk={ask}
            onAssign={assign}
            onClear={() => setPicked(NOTHING)}
          />
        )}
        <AlertGrid
          lines={lines}
          total={feed.total}
          selected={selected}
          chosen={picked}
          onChoose={choose}
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
          foot={foot(feed, visible.length, parsed.state, query, query !== "" || view !== "", range, change)}
        />
      </section>
      {chosen ? (
        <Preview
          tenant={tenant}
          row={chosen}
          zone={zone}
          allowed={triage.allowed}
          onAsk={ask}
          onAssign={assign}
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
          {visible.length < feed.rows.length &&
            `, ${whole(feed.rows.length - visible.length)} of ${whole(feed.rows.length)} loaded hidden by state`}
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
      <UndoBar onUndo={takeBack} />
      {asked && (
        <VerdictDialog asked={asked} onClose={() => setAsked(null)} onDecide={decide} onNote={note} />
      )}
    </main>
  );
}

const NOTHING: ReadonlySet<string> = new Set();

/** The row that follows `id` once `gone` have left, or the last before it. */
function neighbour(order: readonly string[], id: string, gone: ReadonlySet<string>): string {
  const at = order.indexOf(id);
  const stays = (each: string) => !gone.has(each);
  return order.slice(at).find(stays) ?? order.slice(0, at).findLast(stays) ?? "";
}

function withState(query: string, state: State): string {
  if (state !== "open") return withField(query, "status", state);
  return parseQuery(query)
    .tokens.filter((token) => token.field !== "status")
    .map((token) => token.raw)
    .join(" ");
}

/** The API filters by no state: where a page's rows are hidden, the next page is read. */
function useLoadPastHidden(visible: number, feed: AlertFeed) {
  const { loadMore, loadingMore, rows } = feed;
  useEffect(() => {
    if (visible < FEW_ROWS && rows.length > visible && !loadingMore) loadMore();
  }, [visible, rows.length, loadingMore, loadMore]);
}

function Bulk({
  count,
  allowed,
  onAsk,
  onAssign,
  onClear,
}: {
  count: number;
  allowed: boolean;
  onAsk: (what: Asked["what"]) => void;
  onAssign: () => void;
  onClear: () => void;
}) {
  return (
    <div className="bulk" role="toolbar" aria-label="Chosen alerts">
      <b>{whole(count)} chosen</b>
      <TriageButtons allowed={allowed} onAsk={onAsk} onAssign={onAssign} />
      <span className="sp" />
      <button type="button" className="btn q" onClick={onClear}>
        Clear<kbd>Esc</kbd>
      </button>
    </div>
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
      <Key name="." />
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
  visible: number,
  state: State,
  query: string,
  filtered: boolean,
  range: TimeRange,
  change: (changes: Record<string, string | null>) => void,
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

function Keys() {
  return (
    <>
      <span>
        <Key name="j" />
        <Key name="k" />
        move
      </span>
      <span>
        <kbd>↵</kbd>open
      </span>
      <span>
        <Key name="x" />
        choose
      </span>
      <span>
        <Key name="t" />
        <Key name="f" />
        <Key name="b" />
        decide
      </span>
      <span>
        <Key name="z" />
        undo
      </span>
      <span>
        <Key name="/" />
        query
      </span>
      <span>
        <Key name="?" />
        all keys
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

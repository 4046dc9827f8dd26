import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { MOST_AT_ONCE } from "../api/triage";
import { type AlertRow, LEVELS, type Level } from "../api/wire";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { toast } from "../app/toast";
import { useUrlState } from "../app/urlState";
import { Histogram } from "../parts/Histogram";
import { Key } from "../parts/Key";
import { Menu } from "../parts/Menu";
import { plural, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { parseQuery, withField } from "../query/parseQuery";
import { QueryBar } from "../query/QueryBar";
import { isSavedId, SavedViews, useSavedFilters } from "../query/SavedViews";
import { clock } from "../time/format";
import { RangeMenu } from "../time/RangeMenu";
import { bounds, DEFAULT_RANGE, isOpen, type TimeRange } from "../time/range";
import { UndoBar } from "../triage/UndoBar";
import { undo, useOverlay, useTriage, withTriage } from "../triage/useTriage";
import { type Asked, VerdictDialog } from "../triage/VerdictDialog";
import { type Decision, inState, isMe, STATES } from "../triage/verdicts";
import { AlertGrid } from "./AlertGrid";
import {
  alertIdOf,
  flatLines,
  GROUPS,
  type Group,
  groupedLines,
  groupLine,
  groupOf,
  MOST_OPEN,
  readOpen,
  writeOpen,
} from "./grouping";
import { Overview } from "./Overview";
import { copyLink, Preview } from "./Preview";
import { Bulk, Figures, LiveDot, NewerBar, Views } from "./QueueBars";
import { Announcer, foot, Keys, StaleBanner, Updated } from "./QueueStatus";
import { useRules, useSummary } from "./queries";
import { rememberQueue } from "./queueMemory";
import { inView, ofWhom, withState } from "./queueQuery";
import { type AlertFeed, useAlertFeed } from "./useAlertFeed";
import { type Groups, useGroups } from "./useGroups";

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

  const triage = useTriage(tenant);
  const overlay = useOverlay(tenant);
  const { me } = triage;
  const shown = useCallback(
    (some: readonly AlertRow[]) =>
      some
        .map((row) => withTriage(row, overlay))
        .filter((row) => inState(row, parsed.state, (assignee) => isMe(assignee, me))),
    [overlay, parsed.state, me],
  );
  const flat = useMemo(() => shown(feed.rows), [feed.rows, shown]);
  const rows = useDeferredValue(flat);
  const openText = url.get("open") ?? "";
  const openKeys = useMemo(() => readOpen(openText), [openText]);
  const whose = useMemo(() => ofWhom(filter, parsed.state, me), [filter, parsed.state, me]);
  const groups = useGroups(tenant, whose, range, group, openKeys, hold);
  const lines = useMemo(
    () => (group === "" ? flatLines(rows) : groupedLines(groups.groups, group, groups.open, shown)),
    [rows, group, groups.groups, groups.open, shown],
  );
  const visible = useMemo(
    () => (group === "" ? flat : lines.flatMap((line) => (line.kind === "alert" ? [line.row] : []))),
    [group, flat, lines],
  );
  const order = useMemo(() => lines.map((line) => line.id), [lines]);
  const cursor = lines.find((line) => line.id === selected);
  const chosen = visible.find((row) => row.alertId === alertIdOf(selected));
  const [picked, setPicked] = useState<ReadonlySet<string>>(NOTHING);
  const [asked, setAsked] = useState<Asked | null>(null);
  /** The line that is to have the focus as soon as it stands there as the chosen one. */
  const refocus = useRef("");
  useLoadPastHidden(group === "" ? flat.length : FEW_ROWS, feed);
  const input = useRef<HTMLInputElement>(null);

  const select = useCallback((id: string) => change({ sel: id }), [change]);
  const open = useCallback(
    (id: string) => {
      const ids = [...new Set(visible.map((row) => row.alertId))];
      const total = group === "" ? feed.total : ids.length;
      rememberQueue({ tenant, order: ids, total, search: window.location.search });
      navigate(routes.alert(tenant, id));
    },
    [tenant, group, visible, feed.total, navigate],
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
  const isLoaded = (id: string) => visible.some((row) => row.alertId === id);
  const toggle = useCallback(
    (key: string) => {
      const others = openKeys.filter((each) => each !== key);
      const next = others.length < openKeys.length ? others : [...others, key].slice(-MOST_OPEN);
      change({ open: writeOpen(next) });
    },
    [openKeys, change],
  );
  const narrow = (only: Group) => {
    if (only.key !== "") change({ q: withField(query, group, only.key), group: null, open: null, sel: null });
  };
  /** Opens the group under the cursor, or closes the one that it is in. */
  const unfold = (open: boolean) => {
    if (cursor?.kind === "group" && cursor.group.closed === open) return toggle(cursor.group.key);
    if (open) return;
    const heading = lines.slice(0, order.indexOf(selected)).findLast((line) => line.kind === "group");
    if (heading?.kind === "group") select(heading.id);
  };
  const enter = () => {
    if (chosen) return open(chosen.alertId);
    if (cursor?.kind === "group") return toggle(cursor.group.key);
    if (cursor?.kind === "rest") narrow(cursor.group);
  };
  const pick = () => {
    if (cursor?.kind === "group") {
      const at = order.indexOf(cursor.id) + 1;
      const end = lines.findIndex((line, i) => i >= at && line.kind !== "alert");
      const inside = lines.slice(at, end < 0 ? undefined : end);
      const ids = inside.flatMap((line) => (line.kind === "alert" ? [line.row.alertId] : []));
      choose(ids, !ids.every((id) => picked.has(id)));
    } else if (chosen) choose([chosen.alertId], !picked.has(chosen.alertId));
  };
  const showNewer = () => {
    feed.showWaiting();
    groups.refresh();
  };
  const move = (step: number, event?: KeyboardEvent) => {
    const at = order.indexOf(selected);
    const next = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + step))];
    if (event?.shiftKey) choose([selected, next ?? ""].map(alertIdOf).filter(isLoaded), true);
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
    const next = gone.has(alertIdOf(selected)) ? neighbour(order, selected, gone) : selected;
    if (next !== selected) select(next);
    refocus.current = next;
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
    const back = group === "" || order.includes(first) ? first : selected;
    if (back !== selected) select(back);
    refocus.current = back;
  };
  // Rows follow their data a render later: what is chosen now may still be what was chosen before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the rows stand as chosen
  useEffect(() => {
    if (refocus.current === "" || refocus.current !== selected) return;
    const row = gridBox.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!row) return;
    refocus.current = "";
    row.focus({ preventScroll: true });
  }, [lines, selected]);
  const togglePause = () => {
    if (pausedAt > 0) showNewer();
    setPausedAt(pausedAt > 0 ? 0 : Date.now());
  };
  useKeys({
    j: (event) => move(1, event),
    k: (event) => move(-1, event),
    ArrowDown: (event) => move(1, event),
    ArrowUp: (event) => move(-1, event),
    ArrowRight: () => unfold(true),
    ArrowLeft: () => unfold(false),
    x: pick,
    t: () => ask("true_positive"),
    f: () => ask("false_positive"),
    b: () => ask("benign"),
    n: () => ask("note"),
    a: assign,
    z: takeBack,
    Enter: enter,
    Escape: () => (picked.size > 0 ? setPicked(NOTHING) : select("")),
    p: togglePause,
    ".": showNewer,
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
          onChoose={(value) => change({ group: value, open: null, sel: null })}
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
          total={group === "" ? feed.total : lines.length}
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
          onToggle={(key) => {
            if (selected !== groupLine(key)) select(groupLine(key));
            toggle(key);
          }}
          onNarrow={narrow}
          banner={<NewerBar feed={feed} onShow={showNewer} />}
          foot={
            (group !== "" && groupsFoot(groups, lines.length)) ||
            foot(feed, lines.length, parsed.state, query, query !== "" || view !== "", range, change)
          }
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
          {group === ""
            ? plural(feed.total, "alert")
            : `${plural(lines.length, "line")}: ${plural(groups.totalGroups, "group")}, ${plural(groups.total, "alert")}`}
          {group === "" &&
            flat.length < feed.rows.length &&
            `, ${whole(feed.rows.length - flat.length)} of ${whole(feed.rows.length)} loaded hidden by state`}
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
  const stays = (each: string) => !gone.has(alertIdOf(each));
  return order.slice(at).find(stays) ?? order.slice(0, at).findLast(stays) ?? "";
}

/** In place of the groups, or under them; null when the alerts themselves have something to say. */
function groupsFoot(groups: Groups, shown: number) {
  if (groups.error) {
    return <ErrorBox what="Groups could not be counted." error={groups.error} onRetry={groups.refresh} />;
  }
  if (groups.loading) return <Skeleton rows={14} label="Loading groups" />;
  const left = groups.totalGroups - groups.groups.length;
  if (shown === 0 || left <= 0) return null;
  return <EmptyState title={`${plural(left, "smaller group")} are not shown. Narrow the query.`} />;
}

/** The API filters by no state: where a page's rows are hidden, the next page is read. */
function useLoadPastHidden(visible: number, feed: AlertFeed) {
  const { loadMore, loadingMore, rows } = feed;
  useEffect(() => {
    if (visible < FEW_ROWS && rows.length > visible && !loadingMore) loadMore();
  }, [visible, rows.length, loadingMore, loadMore]);
}

function useRange(url: URLSearchParams): TimeRange {
  const from = url.get("from") ?? DEFAULT_RANGE.from;
  const to = url.get("to") ?? "";
  return useMemo(() => ({ from, to }), [from, to]);
}

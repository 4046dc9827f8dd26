import { useCallback, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { LEVELS, type Level } from "../api/wire";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { useSettings } from "../app/settings";
import { useUrlState } from "../app/urlState";
import { Histogram } from "../parts/Histogram";
import { Key } from "../parts/Key";
import { Menu } from "../parts/Menu";
import { ErrorBox } from "../parts/states";
import { parseQuery, withField } from "../query/parseQuery";
import { QueryBar } from "../query/QueryBar";
import { isSavedId, SavedViews, useSavedFilters } from "../query/SavedViews";
import { RangeMenu } from "../time/RangeMenu";
import { bounds, DEFAULT_RANGE, isOpen, type TimeRange } from "../time/range";
import { UndoBar } from "../triage/UndoBar";
import { useTriage } from "../triage/useTriage";
import { VerdictDialog } from "../triage/VerdictDialog";
import { STATES } from "../triage/verdicts";
import { AlertGrid } from "./AlertGrid";
import { GROUPS, type Group, groupLine, groupOf, MOST_OPEN, readOpen, writeOpen } from "./grouping";
import { Overview } from "./Overview";
import { copyLink, Preview } from "./Preview";
import { Bulk, Figures, LiveDot, NewerBar, Views } from "./QueueBars";
import { Announcer, foot, groupsFoot, QueueFoot, StaleBanner } from "./QueueStatus";
import { useRules, useSummary } from "./queries";
import { rememberQueue } from "./queueMemory";
import { inView, withState } from "./queueQuery";
import { useAlertFeed } from "./useAlertFeed";
import { useCursor } from "./useCursor";
import { useDecisions } from "./useDecisions";
import { useHold } from "./useHold";
import { usePicked } from "./usePicked";
import { useQueueLines } from "./useQueueLines";

const SUMMARY_MS = 10_000;
const BUCKETS = 96;

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

  const { hold, pausedAt, setPausedAt, atTop, gridBox } = useHold(selected);
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
  const openText = url.get("open") ?? "";
  const openKeys = useMemo(() => readOpen(openText), [openText]);
  const { groups, lines, visible, hidden } = useQueueLines({
    tenant,
    feed,
    filter,
    state: parsed.state,
    range,
    group,
    openKeys,
    hold,
    me: triage.me,
  });
  const picks = usePicked();
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
  const cursor = useCursor({
    selected,
    lines,
    visible,
    picks,
    onSelect: select,
    onOpen: open,
    onToggle: toggle,
    onNarrow: narrow,
  });
  const { chosen, move } = cursor;
  const decisions = useDecisions({
    triage,
    lines,
    visible,
    selected,
    cursor,
    picks,
    grouped: group !== "",
    gridBox,
    onSelect: select,
  });
  const { ask, assign, takeBack } = decisions;
  const showNewer = () => {
    feed.showWaiting();
    groups.refresh();
  };
  const togglePause = () => {
    if (pausedAt > 0) showNewer();
    setPausedAt(pausedAt > 0 ? 0 : Date.now());
  };
  useKeys({
    j: (event) => move(1, event),
    k: (event) => move(-1, event),
    ArrowDown: (event) => move(1, event),
    ArrowUp: (event) => move(-1, event),
    ArrowRight: () => cursor.unfold(true),
    ArrowLeft: () => cursor.unfold(false),
    x: cursor.pick,
    t: () => ask("true_positive"),
    f: () => ask("false_positive"),
    b: () => ask("benign"),
    n: () => ask("note"),
    a: assign,
    z: takeBack,
    Enter: cursor.enter,
    Escape: () => (picks.picked.size > 0 ? picks.clear() : select("")),
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
        {picks.picked.size > 0 && (
          <Bulk
            count={picks.picked.size}
            allowed={triage.allowed}
            onAsk={ask}
            onAssign={assign}
            onClear={picks.clear}
          />
        )}
        <AlertGrid
          lines={lines}
          total={group === "" ? feed.total : lines.length}
          selected={selected}
          chosen={picks.picked}
          onChoose={picks.choose}
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
      <QueueFoot
        at={cursor.order.indexOf(selected)}
        feed={feed}
        groups={group === "" ? null : groups}
        lines={lines.length}
        hidden={hidden}
        pausedAt={pausedAt}
      />
      <Announcer feed={feed} />
      <UndoBar onUndo={takeBack} />
      {decisions.asked && (
        <VerdictDialog
          asked={decisions.asked}
          onClose={decisions.cancel}
          onDecide={decisions.decide}
          onNote={decisions.note}
        />
      )}
    </main>
  );
}

function useRange(url: URLSearchParams): TimeRange {
  const from = url.get("from") ?? DEFAULT_RANGE.from;
  const to = url.get("to") ?? "";
  return useMemo(() => ({ from, to }), [from, to]);
}

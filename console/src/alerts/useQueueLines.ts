import { useCallback, useDeferredValue, useEffect, useMemo } from "react";
import type { AlertFilter } from "../api/filter";
import type { AlertRow } from "../api/wire";
import type { TimeRange } from "../time/range";
import { type Triage, useOverlay, withTriage } from "../triage/useTriage";
import { inState, isMe, type State } from "../triage/verdicts";
import { flatLines, type GroupBy, groupedLines } from "./grouping";
import { ofWhom } from "./queueQuery";
import type { AlertFeed } from "./useAlertFeed";
import { useGroups } from "./useGroups";

/** Fewer rows than this to see, and more are read. */
const FEW_ROWS = 60;

/** The lines of the queue: the alerts of its state, or the groups with the alerts of the open ones. */
export function useQueueLines({
  tenant,
  feed,
  filter,
  state,
  range,
  group,
  openKeys,
  hold,
  me,
}: {
  tenant: string;
  feed: AlertFeed;
  filter: AlertFilter;
  state: State;
  range: TimeRange;
  group: GroupBy;
  /** The keys of the groups that are open. */
  openKeys: readonly string[];
  hold: () => boolean;
  me: Triage["me"];
}) {
  const overlay = useOverlay(tenant);
  const shown = useCallback(
    (some: readonly AlertRow[]) =>
      some
        .map((row) => withTriage(row, overlay))
        .filter((row) => inState(row, state, (assignee) => isMe(assignee, me))),
    [overlay, state, me],
  );
  const flat = useMemo(() => shown(feed.rows), [feed.rows, shown]);
  const rows = useDeferredValue(flat);
  const whose = useMemo(() => ofWhom(filter, state, me), [filter, state, me]);
  const groups = useGroups(tenant, whose, range, group, openKeys, hold);
  const lines = useMemo(
    () => (group === "" ? flatLines(rows) : groupedLines(groups.groups, group, groups.open, shown)),
    [rows, group, groups.groups, groups.open, shown],
  );
  /** The alerts among the lines, without those that a render is still to come for. */
  const visible = useMemo(
    () => (group === "" ? flat : lines.flatMap((line) => (line.kind === "alert" ? [line.row] : []))),
    [group, flat, lines],
  );
  useLoadPastHidden(group === "" ? flat.length : FEW_ROWS, feed);
  return { groups, lines, visible, hidden: feed.rows.length - flat.length };
}

/** The API filters by no state: where a page's rows are hidden, the next page is read. */
function useLoadPastHidden(visible: number, feed: AlertFeed) {
  const { loadMore, loadingMore, rows } = feed;
  useEffect(() => {
    if (visible < FEW_ROWS && rows.length > visible && !loadingMore) loadMore();
  }, [visible, rows.length, loadingMore, loadMore]);
}

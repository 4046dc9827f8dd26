import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { openAlertStream } from "../api/alertStream";
import { listAlerts, PAGE_SIZE } from "../api/controlApi";
import type { AlertFilter } from "../api/filter";
import type { AlertRow } from "../api/wire";
import { bounds, isOpen, type TimeRange } from "../time/range";
import { layTold } from "../triage/useTriage";
import { MOST_ROWS, mergeAlerts } from "./mergeAlerts";

export type Connection = "live" | "connecting" | "down" | "fixed";

export interface AlertFeed {
  rows: AlertRow[];
  /** Alerts that the filter matches, loaded or not, as counted when the list was read. */
  total: number;
  waiting: AlertRow[];
  showWaiting(): void;
  loadMore(): void;
  loadingMore: boolean;
  loading: boolean;
  refetching: boolean;
  error: Error | null;
  retry(): void;
  connection: Connection;
  /** When the stream was last heard, 0 before the first time. */
  aliveAt: number;
}

/**
 * The queue's rows: pages read backwards in time, and new alerts from the stream. While `hold`
 * says so new rows wait, because rows must not move under the eye or the cursor.
 */
export function useAlertFeed(
  tenant: string,
  filter: AlertFilter,
  range: TimeRange,
  hold: () => boolean,
): AlertFeed {
  const filterText = JSON.stringify([tenant, filter, range]);
  const list = useInfiniteQuery({
    queryKey: ["alerts", filterText],
    queryFn: async ({ pageParam, signal }) => {
      const now = pageParam.now || Date.now();
      const page = await listAlerts(tenant, at(filter, range, now), { token: pageParam.token }, signal);
      return { ...page, now };
    },
    // All pages of one list share one clock: a page token holds for the filter it was given for.
    initialPageParam: { token: "", now: 0 },
    getNextPageParam: (last) =>
      last.nextPageToken ? { token: last.nextPageToken, now: last.now } : undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
  });
  const live = useLiveAlerts(tenant, filter, range, filterText, hold);
  const pages = list.data?.pages;
  const rows = useMemo(
    () => mergeAlerts(pages?.flatMap((page) => page.alerts) ?? [], live.shown),
    [pages, live.shown],
  );
  const known = useMemo(() => new Set(rows.map((row) => row.alertId)), [rows]);
  const waiting = useMemo(() => live.waiting.filter((row) => !known.has(row.alertId)), [live.waiting, known]);
  const firstPage = useMemo(
    () => new Set(pages?.flatMap((page) => page.alerts.map((row) => row.alertId))),
    [pages],
  );
  const added = live.shown.filter((row) => !firstPage.has(row.alertId)).length;
  return {
    rows,
    total: Math.max((pages?.[0]?.total ?? 0) + added, rows.length),
    waiting,
    showWaiting: live.showWaiting,
    loadMore: () => {
      if (list.hasNextPage && !list.isFetchingNextPage && rows.length < MOST_ROWS) list.fetchNextPage();
    },
    loadingMore: list.isFetchingNextPage,
    loading: list.isPending,
    refetching: list.isRefetching,
    error: list.error,
    retry: () => list.refetch(),
    connection: live.connection,
    aliveAt: live.aliveAt,
  };
}

function at(filter: AlertFilter, range: TimeRange, now: number): AlertFilter {
  return { ...filter, ...bounds(range, now) };
}

interface Live {
  key: string;
  shown: AlertRow[];
  waiting: AlertRow[];
}

function useLiveAlerts(
  tenant: string,
  filter: AlertFilter,
  range: TimeRange,
  key: string,
  hold: () => boolean,
) {
  const [live, setLive] = useState<Live>({ key, shown: [], waiting: [] });
  const [connection, setConnection] = useState<Connection>("connecting");
  const [aliveAt, setAliveAt] = useState(0);
  const client = useQueryClient();
  const request = useRef({ tenant, filter, range, hold });
  request.current = { tenant, filter, range, hold };

  const receive = useCallback(
    (incoming: AlertRow[]) => {
      setLive((before) => {
        const same = before.key === key ? before : { key, shown: [], waiting: [] };
        return request.current.hold()
          ? { ...same, waiting: mergeAlerts(same.waiting, incoming) }
          : { ...same, shown: mergeAlerts(same.shown, mergeAlerts(same.waiting, incoming)), waiting: [] };
      });
    },
    [key],
  );

  useEffect(() => {
    const asked = request.current;
    setLive({ key, shown: [], waiting: [] });
    if (!isOpen(asked.range)) {
      setConnection("fixed");
      return;
    }
    setConnection("connecting");
    let closed = false;
    const close = openAlertStream(asked.tenant, at(asked.filter, asked.range, Date.now()), {
      onOpen: () => {
        setConnection("live");
        // What was stored between reading the list and opening the stream, or while it was down.
        listAlerts(asked.tenant, at(asked.filter, asked.range, Date.now()), { size: PAGE_SIZE })
          .then((page) => {
            if (!closed) receive(page.alerts);
          })
          .catch(() => setConnection("down"));
      },
      onAlerts: (alerts) => {
        if (!closed) receive(alerts);
      },
      onTriage: (changes) => {
        if (!closed) layTold(client, asked.tenant, changes);
      },
      onAlive: () => {
        setAliveAt(Date.now());
        setConnection("live");
      },
      onDown: () => setConnection("down"),
    });
    return () => {
      closed = true;
      close();
    };
  }, [key, receive, client]);

  const showWaiting = useCallback(() => {
    setLive((before) => ({ ...before, shown: mergeAlerts(before.shown, before.waiting), waiting: [] }));
  }, []);
  const current = live.key === key;
  return {
    shown: current ? live.shown : NONE,
    waiting: current ? live.waiting : NONE,
    showWaiting,
    connection,
    aliveAt,
  };
}

const NONE: AlertRow[] = [];

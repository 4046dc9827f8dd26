import {
  keepPreviousData,
  type UseQueryResult,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { type AlertGroup, type Grouping, groupAlerts } from "../api/alertGroups";
import { listAlerts, PAGE_SIZE } from "../api/controlApi";
import type { AlertFilter } from "../api/filter";
import { bounds, isOpen, type TimeRange } from "../time/range";
import type { GroupBy, Members } from "./grouping";

const REFETCH_MS = 10_000;

export interface Groups {
  groups: readonly AlertGroup[];
  /** Groups that there are, shown or not. */
  totalGroups: number;
  total: number;
  open: ReadonlyMap<string, Members>;
  loading: boolean;
  error: Error | null;
  refresh(): void;
}

/**
 * The server's groups and the newest alerts of the open ones. They are read again while the range
 * runs on, but not while `hold` says that somebody looks at a row: rows must not move then.
 */
export function useGroups(
  tenant: string,
  filter: AlertFilter,
  range: TimeRange,
  by: GroupBy,
  openKeys: readonly string[],
  hold: () => boolean,
): Groups {
  const client = useQueryClient();
  const asked = JSON.stringify([filter, range, by]);
  const refetchInterval = isOpen(range) ? () => (hold() ? false : REFETCH_MS) : false;
  const now = () => ({ ...filter, ...bounds(range, Date.now()) });
  const list = useQuery({
    queryKey: ["alert-groups", tenant, asked],
    queryFn: ({ signal }) => groupAlerts(tenant, now(), by as Grouping, signal),
    enabled: by !== "",
    refetchInterval,
    placeholderData: (before) => (by === "" ? undefined : keepPreviousData(before)),
  });
  const members = useQueries({
    queries: (by === "" ? [] : openKeys).map((id) => ({
      queryKey: ["alert-groups", tenant, asked, id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        listAlerts(tenant, { ...now(), inGroup: { by: by as Grouping, id } }, { size: PAGE_SIZE }, signal),
      refetchInterval,
    })),
    combine: combined,
  });
  const open = useMemo(
    () => new Map(members.map((each, at) => [openKeys[at] ?? "", each])),
    [members, openKeys],
  );
  const refresh = useCallback(
    () => client.invalidateQueries({ queryKey: ["alert-groups", tenant] }),
    [client, tenant],
  );
  return {
    groups: list.data?.groups ?? NONE,
    totalGroups: list.data?.totalGroups ?? 0,
    total: list.data?.total ?? 0,
    open,
    loading: by !== "" && list.isPending,
    error: by === "" ? null : list.error,
    refresh,
  };
}

const NONE: AlertGroup[] = [];

const combined = (all: UseQueryResult<Awaited<ReturnType<typeof listAlerts>>>[]): Members[] =>
  all.map((each) => ({
    rows: each.data?.alerts ?? [],
    total: each.data?.total ?? 0,
    loading: each.isPending,
    failed: each.isError,
  }));

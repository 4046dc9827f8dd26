import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { GuardedButton } from "../app/permissions";
import { useUrlState } from "../app/urlState";
import { type Column, DataTable } from "../parts/DataTable";
import { Icon } from "../parts/Icon";
import { plural } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { plain } from "../text/defang";

/** A list of one tenant, and what the address wants to see of it. */
export interface Listed<T> {
  query: UseQueryResult<readonly T[]>;
  rows: readonly T[];
  find: string;
  onFind: (text: string) => void;
}

/** Reads the list `name`, of which the address finds those with a text that holds `q`. */
export function useListed<T>(
  name: string,
  tenant: string,
  read: (tenant: string, signal: AbortSignal) => Promise<readonly T[]>,
  texts: (row: T) => readonly string[],
  everyMs: (rows: readonly T[]) => number = () => 0,
): Listed<T> {
  const [url, change] = useUrlState();
  const find = url.get("q") ?? "";
  const query = useQuery({
    queryKey: [name, tenant],
    queryFn: ({ signal }) => read(tenant, signal),
    refetchInterval: ({ state }) => everyMs(state.data ?? []) || false,
  });
  return { query, rows: found(query.data, find, texts), find, onFind: (q) => change({ q }) };
}

/** A list as a page: heading, what can be done, its rows in their states, and the dialogs that are open. */
export function AdminList<T>({
  title,
  about,
  one,
  list: { query, rows, find, onFind },
  keyOf,
  selected = "",
  columns,
  create,
  empty,
  foot,
  children,
}: {
  title: string;
  about: string;
  /** What a row is: `user`. */
  one: string;
  list: Listed<T>;
  keyOf: (row: T) => string;
  selected?: string;
  columns: readonly Column<T>[];
  /** How a row is added, and which permission that wants. */
  create?: { may: string; onCreate: () => void };
  /** Why there are none, and the way on. */
  empty: ReactNode;
  foot: ReactNode;
  children?: ReactNode;
}) {
  const all = query.data?.length ?? 0;
  const many = `${one}s`;
  return (
    <div className="admin-main">
      <header className="vw">
        <h1 className="page-title">{title}</h1>
        <span className="t3 el">{about}</span>
        <span className="sp" />
        {all > 8 || find ? (
          <label className="find">
            <Icon name="search" />
            <span className="vh">Find in {many}</span>
            <input
              value={find}
              placeholder={`Find in ${many}`}
              maxLength={200}
              spellCheck={false}
              onChange={(event) => onFind(event.target.value)}
            />
          </label>
        ) : null}
        {create && (
          <GuardedButton permission={create.may} className="p" onClick={create.onCreate}>
            New {one}
          </GuardedButton>
        )}
      </header>
      <section className="admin-scroll" aria-label={title} tabIndex={0} aria-busy={query.isFetching}>
        {query.error && (
          <ErrorBox
            what={`The ${many} could not be read.`}
            error={query.error}
            onRetry={() => query.refetch()}
          />
        )}
        {query.isPending && <Skeleton rows={8} label={`Loading ${many}`} />}
        {query.data && all === 0 && empty}
        {all > 0 && rows.length === 0 && (
          <EmptyState title={`No ${one} matches.`}>
            <button type="button" className="btn" onClick={() => onFind("")}>
              Show all
            </button>
          </EmptyState>
        )}
        {query.data && (
          <>
            <DataTable label={title} rows={rows} keyOf={keyOf} selected={selected} columns={columns} />
            {children}
          </>
        )}
      </section>
      <footer className="ft">
        <span>{rows.length < all ? `${plural(rows.length, one)} of ${all}` : plural(all, one)}</span>
        <span className="sp" />
        <span>{foot}</span>
      </footer>
    </div>
  );
}

/** What can be done with one row. */
export function RowAct({
  may,
  verb,
  name,
  onAct,
}: {
  may: string;
  verb: string;
  name: string;
  onAct: () => void;
}) {
  return (
    <GuardedButton permission={may} className="q" label={`${verb}: ${plain(name, 60)}`} onClick={onAct}>
      {verb}
    </GuardedButton>
  );
}

/** Rows of which any text holds `find`, in any case. */
export function found<T>(rows: readonly T[] | undefined, find: string, texts: (row: T) => readonly string[]) {
  const wanted = find.trim().toLowerCase();
  const all = rows ?? [];
  return wanted ? all.filter((row) => texts(row).some((text) => text.toLowerCase().includes(wanted))) : all;
}

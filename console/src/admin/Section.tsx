import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Icon } from "../parts/Icon";
import { plural } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";

/** One list of the administration: heading, what can be done, rows in their states, a line below. */
export function Section<T>({
  title,
  about,
  one,
  many,
  query,
  rows,
  find,
  onFind,
  acts,
  empty,
  foot,
  children,
}: {
  title: string;
  about: string;
  /** What a row is: `user`. */
  one: string;
  many?: string;
  query: UseQueryResult<readonly T[]>;
  /** Those of the query that `find` leaves. */
  rows: readonly T[];
  find: string;
  onFind: (text: string) => void;
  acts?: ReactNode;
  /** Why there are none, and the way on. */
  empty: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}) {
  const all = query.data?.length ?? 0;
  const name = many ?? `${one}s`;
  return (
    <div className="admin-main">
      <header className="vw">
        <h1 className="page-title">{title}</h1>
        <span className="t3 el">{about}</span>
        <span className="sp" />
        {all > 8 || find ? (
          <label className="find">
            <Icon name="search" />
            <span className="vh">Find in {name}</span>
            <input
              value={find}
              placeholder={`Find in ${name}`}
              maxLength={200}
              spellCheck={false}
              onChange={(event) => onFind(event.target.value)}
            />
          </label>
        ) : null}
        {acts}
      </header>
      <section className="admin-scroll" aria-label={title} tabIndex={0} aria-busy={query.isFetching}>
        {query.error && (
          <ErrorBox
            what={`The ${name} could not be read.`}
            error={query.error}
            onRetry={() => query.refetch()}
          />
        )}
        {query.isPending && <Skeleton rows={8} label={`Loading ${name}`} />}
        {query.data && all === 0 && empty}
        {all > 0 && rows.length === 0 && (
          <EmptyState title={`No ${one} matches.`}>
            <button type="button" className="btn" onClick={() => onFind("")}>
              Show all
            </button>
          </EmptyState>
        )}
        {query.data && children}
      </section>
      <footer className="ft">
        <span>
          {rows.length < all ? `${plural(rows.length, one, name)} of ${all}` : plural(all, one, name)}
        </span>
        <span className="sp" />
        {foot && <span>{foot}</span>}
      </footer>
    </div>
  );
}

/** Rows of which any text holds `find`, in any case. */
export function found<T>(rows: readonly T[] | undefined, find: string, texts: (row: T) => readonly string[]) {
  const wanted = find.trim().toLowerCase();
  const all = rows ?? [];
  return wanted ? all.filter((row) => texts(row).some((text) => text.toLowerCase().includes(wanted))) : all;
}

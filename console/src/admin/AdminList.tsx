import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { GuardedButton } from "../app/permissions";
import { useUrlState } from "../app/urlState";
import { type Column, DataTable } from "../parts/DataTable";
import { plain } from "../text/defang";
import { found, Section } from "./Section";

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
  everyMs = 0,
): Listed<T> {
  const [url, change] = useUrlState();
  const find = url.get("q") ?? "";
  const query = useQuery({
    queryKey: [name, tenant],
    queryFn: ({ signal }) => read(tenant, signal),
    refetchInterval: everyMs || false,
  });
  return { query, rows: found(query.data, find, texts), find, onFind: (q) => change({ q }) };
}

/** A list as a page: its table, the button for a new row, and the dialogs that are open. */
export function AdminList<T>({
  list,
  keyOf,
  selected = "",
  columns,
  create,
  children,
  ...section
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
  return (
    <Section
      {...section}
      {...list}
      acts={
        create && (
          <GuardedButton permission={create.may} className="p" onClick={create.onCreate}>
            New {section.one}
          </GuardedButton>
        )
      }
    >
      <DataTable label={section.title} rows={list.rows} keyOf={keyOf} selected={selected} columns={columns} />
      {children}
    </Section>
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

import { type ReactNode, useState } from "react";
import { whole } from "./numbers";

export interface Column<T> {
  name: string;
  /** `num` right-aligns, `m` is monospaced, `acts` holds buttons, `when` a time. */
  kind?: "num" | "m" | "acts" | "when" | "state";
  cell: (row: T) => ReactNode;
}

/** More than this are drawn when somebody asks. */
const SHOWN = 100;

/** Rows of settings and people: a plain table, cut at the end of its cells. */
export function DataTable<T>({
  label,
  columns,
  rows,
  keyOf,
  selected,
}: {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  selected?: string;
}) {
  const [shown, setShown] = useState(SHOWN);
  if (rows.length === 0) return null;
  return (
    <>
      <table className="dt" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.kind}>
                {column.kind === "acts" ? <span className="vh">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <tr key={keyOf(row)} className={keyOf(row) === selected ? "on" : ""}>
              {columns.map((column) => (
                <td key={column.name} className={column.kind}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" className="btn more-rows" onClick={() => setShown(shown + 5 * SHOWN)}>
          Show more, {whole(rows.length - shown)} are left
        </button>
      )}
    </>
  );
}

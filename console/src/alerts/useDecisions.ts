import { type RefObject, useEffect, useRef, useState } from "react";
import type { AlertRow } from "../api/wire";
import { type Triage, undo } from "../triage/useTriage";
import type { Asked } from "../triage/VerdictDialog";
import type { Decision } from "../triage/verdicts";
import { alertIdOf, type GridLine } from "./grouping";
import type { Cursor } from "./useCursor";
import type { Picked } from "./usePicked";

/** Decides the chosen alerts, else the one under the cursor, and moves the cursor on to what stays. */
export function useDecisions({
  triage,
  lines,
  visible,
  selected,
  cursor: { order, chosen },
  picks: { picked, clear },
  grouped,
  gridBox,
  onSelect,
}: {
  triage: Triage;
  lines: readonly GridLine[];
  visible: readonly AlertRow[];
  selected: string;
  cursor: Cursor;
  picks: Picked;
  grouped: boolean;
  gridBox: RefObject<HTMLElement | null>;
  onSelect: (line: string) => void;
}) {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** The line that is to have the focus as soon as it stands there as the chosen one. */
  const refocus = useRef("");
  // Rows follow their data a render later: what is chosen now may still be what was chosen before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the rows stand as chosen
  useEffect(() => {
    if (refocus.current === "" || refocus.current !== selected) return;
    const row = gridBox.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!row) return;
    refocus.current = "";
    row.focus({ preventScroll: true });
  }, [lines, selected]);
  const goTo = (line: string) => {
    if (line !== selected) onSelect(line);
    refocus.current = line;
  };
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
    clear();
    const gone = new Set(about.map((row) => row.alertId));
    goTo(gone.has(alertIdOf(selected)) ? neighbour(order, selected, gone) : selected);
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
    if (first) goTo(!grouped || order.includes(first) ? first : selected);
  };
  return { asked, ask, cancel: () => setAsked(null), decide, note, assign, takeBack };
}

/** The row that follows `id` once `gone` have left, or the last before it. */
function neighbour(order: readonly string[], id: string, gone: ReadonlySet<string>): string {
  const at = order.indexOf(id);
  const stays = (each: string) => !gone.has(alertIdOf(each));
  return order.slice(at).find(stays) ?? order.slice(0, at).findLast(stays) ?? "";
}

import { useMemo } from "react";
import type { AlertRow } from "../api/wire";
import { alertIdOf, type GridLine, type Group } from "./grouping";
import type { Picked } from "./usePicked";

/** The line of the queue that keys act on, and the keys that move it. */
export function useCursor({
  selected,
  lines,
  visible,
  picks: { picked, choose },
  onSelect,
  onOpen,
  onToggle,
  onNarrow,
}: {
  /** The line's id, empty for none. */
  selected: string;
  lines: readonly GridLine[];
  /** The alerts among them. */
  visible: readonly AlertRow[];
  picks: Picked;
  onSelect: (line: string) => void;
  onOpen: (alertId: string) => void;
  onToggle: (groupKey: string) => void;
  onNarrow: (group: Group) => void;
}) {
  const order = useMemo(() => lines.map((line) => line.id), [lines]);
  const cursor = lines.find((line) => line.id === selected);
  const chosen = visible.find((row) => row.alertId === alertIdOf(selected));
  const isLoaded = (id: string) => visible.some((row) => row.alertId === id);
  const move = (step: number, event?: KeyboardEvent) => {
    const at = order.indexOf(selected);
    const next = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + step))];
    if (event?.shiftKey) choose([selected, next ?? ""].map(alertIdOf).filter(isLoaded), true);
    if (next) onSelect(next);
  };
  /** Opens the group under the cursor, or closes the one that it is in. */
  const unfold = (open: boolean) => {
    if (cursor?.kind === "group" && cursor.group.closed === open) return onToggle(cursor.group.key);
    if (open) return;
    const heading = lines.slice(0, order.indexOf(selected)).findLast((line) => line.kind === "group");
    if (heading?.kind === "group") onSelect(heading.id);
  };
  const enter = () => {
    if (chosen) return onOpen(chosen.alertId);
    if (cursor?.kind === "group") return onToggle(cursor.group.key);
    if (cursor?.kind === "rest") onNarrow(cursor.group);
  };
  /** Chooses the alert under the cursor or those of the group, or no longer. */
  const pick = () => {
    if (cursor?.kind === "group") {
      const at = order.indexOf(cursor.id) + 1;
      const end = lines.findIndex((line, i) => i >= at && line.kind !== "alert");
      const inside = lines.slice(at, end < 0 ? undefined : end);
      const ids = inside.flatMap((line) => (line.kind === "alert" ? [line.row.alertId] : []));
      choose(ids, !ids.every((id) => picked.has(id)));
    } else if (chosen) choose([chosen.alertId], !picked.has(chosen.alertId));
  };
  return { order, chosen, move, unfold, enter, pick };
}

export type Cursor = ReturnType<typeof useCursor>;

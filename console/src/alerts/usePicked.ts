import { useCallback, useState } from "react";
import { MOST_AT_ONCE } from "../api/triage";
import { toast } from "../app/toast";
import { whole } from "../parts/numbers";

const NOTHING: ReadonlySet<string> = new Set();

/** The alerts that are chosen for one change, as many as the server takes. */
export function usePicked() {
  const [picked, setPicked] = useState<ReadonlySet<string>>(NOTHING);
  const choose = useCallback((ids: readonly string[], on: boolean) => {
    setPicked((before) => {
      const next = new Set(before);
      for (const id of ids) on ? next.add(id) : next.delete(id);
      if (next.size <= MOST_AT_ONCE) return next;
      toast(
        `One change takes ${whole(MOST_AT_ONCE)} alerts at most; the first ${whole(MOST_AT_ONCE)} are chosen.`,
      );
      return new Set([...next].slice(0, MOST_AT_ONCE));
    });
  }, []);
  return { picked, choose, clear: useCallback(() => setPicked(NOTHING), []) };
}

export type Picked = ReturnType<typeof usePicked>;

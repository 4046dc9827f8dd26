import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";

export type Change = Record<string, string | null>;

/** View state lives in the URL; a change replaces the entry, so Back leaves the page, not the filter. */
export function useUrlState(): [URLSearchParams, (change: Change) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const change = useCallback(
    (changes: Change) => {
      // Read the address itself: two changes in one tick must not undo each other.
      const params = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === "") params.delete(name);
        else params.set(name, value);
      }
      const next = params.toString();
      navigate(window.location.pathname + (next ? `?${next}` : ""), { replace: true });
    },
    [navigate],
  );
  return [new URLSearchParams(search), change];
}

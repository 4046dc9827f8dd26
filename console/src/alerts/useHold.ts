import { useCallback, useRef, useState } from "react";

/** Whether newer alerts wait: while somebody is in the rows or has paused them, nothing moves under them. */
export function useHold(selected: string) {
  const [pausedAt, setPausedAt] = useState(0);
  const atTop = useRef(true);
  const gridBox = useRef<HTMLElement>(null);
  const holding = useRef<() => boolean>(() => false);
  holding.current = () =>
    pausedAt > 0 ||
    selected !== "" ||
    !atTop.current ||
    gridBox.current?.contains(document.activeElement) === true;
  const hold = useCallback(() => holding.current(), []);
  return { hold, pausedAt, setPausedAt, atTop, gridBox };
}

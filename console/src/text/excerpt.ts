import type { Range } from "./hostile";

export interface Excerpt {
  text: string;
  marks: Range[];
}

const BEFORE = 60;

/** A long value cut to `limit` characters around its first mark, cut places shown as an ellipsis. */
export function excerpt(text: string, marks: readonly Range[], limit: number): Excerpt {
  if (text.length <= limit) return { text, marks: [...marks] };
  const first = Math.min(...marks.map(([start]) => start), text.length);
  const start = first === text.length || first <= limit / 2 ? 0 : first - BEFORE;
  const end = Math.min(text.length, start + limit);
  const head = start > 0 ? "…" : "";
  const tail = end < text.length ? "…" : "";
  return {
    text: head + text.slice(start, end) + tail,
    marks: marks.map(([from, to]): Range => [clamp(from), clamp(to)]).filter(([from, to]) => to > from),
  };
  function clamp(at: number): number {
    return Math.min(Math.max(at, start), end) - start + head.length;
  }
}

/** The text with the stretch between `start` and `end` shortened to its first `keep` characters. */
export function withoutMiddle(
  text: string,
  marks: readonly Range[],
  [start, end]: Range,
  keep: number,
): Excerpt {
  const cut = end - start - keep;
  if (cut <= 1) return { text, marks: [...marks] };
  const from = start + keep;
  const move = (at: number) => (at <= from ? at : at >= end ? at - cut + 1 : from + 1);
  return {
    text: `${text.slice(0, from)}…${text.slice(end)}`,
    marks: marks.map(([a, b]): Range => [move(a), move(b)]),
  };
}

/** One line of two texts side by side; a line that only one has lacks the other's number. */
export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
  before: number | undefined;
  after: number | undefined;
}

/** Lines that are alike and far from any change, left out. */
export interface Skipped {
  kind: "skipped";
  lines: number;
  before: number;
}

/** Beyond this many differing lines the texts are shown as one block out, one block in. */
const MOST_EDITS = 400;

/**
 * The shortest way from one text to the other by whole lines: E. W. Myers, "An O(ND) Difference
 * Algorithm and Its Variations", Algorithmica 1986, the greedy version.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = edits(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const kinds = [...same(start), ...middle, ...same(end)];
  return numbered(kinds, a, b);
}

type Kind = DiffLine["kind"];

const same = (count: number): Kind[] => Array.from({ length: count }, () => "same");

/** A text's last line break ends its last line; it begins no other. */
const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/));

function edits(a: readonly string[], b: readonly string[]): Kind[] {
  const all = (kind: Kind, count: number): Kind[] => Array.from({ length: count }, () => kind);
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, k - 1) < at(furthest, k + 1));
      let x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return back(trace, a.length, b.length);
    }
  }
  return [...all("removed", a.length), ...all("added", b.length)];
}

const at = (furthest: ReadonlyMap<number, number>, k: number): number => furthest.get(k) ?? -1;

/** From the end of both texts along the way that was found. */
function back(trace: readonly Map<number, number>[], aLength: number, bLength: number): Kind[] {
  const kinds: Kind[] = [];
  let x = aLength;
  let y = bLength;
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && at(furthest, k - 1) < at(furthest, k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(furthest, fromK);
    const fromY = d === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY) {
      kinds.push("same");
      x--;
      y--;
    }
    if (d === 0) break;
    kinds.push(down ? "added" : "removed");
    x = fromX;
    y = fromY;
  }
  return kinds.reverse();
}

function numbered(kinds: readonly Kind[], a: readonly string[], b: readonly string[]): DiffLine[] {
  let before = 0;
  let after = 0;
  return kinds.map((kind) => {
    if (kind !== "added") before++;
    if (kind !== "removed") after++;
    return {
      kind,
      text: (kind === "added" ? b[after - 1] : a[before - 1]) ?? "",
      before: kind === "added" ? undefined : before,
      after: kind === "removed" ? undefined : after,
    };
  });
}

export interface Counted {
  added: number;
  removed: number;
}

export const counted = (lines: readonly DiffLine[]): Counted => ({
  added: lines.filter((line) => line.kind === "added").length,
  removed: lines.filter((line) => line.kind === "removed").length,
});

/** Changes with `context` lines around each; longer stretches that are alike are left out. */
export function hunks(lines: readonly DiffLine[], context = 3): (DiffLine | Skipped)[] {
  const near = new Set<number>();
  lines.forEach((line, i) => {
    if (line.kind === "same") return;
    for (let n = i - context; n <= i + context; n++) near.add(n);
  });
  const shown: (DiffLine | Skipped)[] = [];
  lines.forEach((line, i) => {
    const last = shown.at(-1);
    if (near.has(i)) shown.push(line);
    else if (last?.kind === "skipped") last.lines++;
    else shown.push({ kind: "skipped", lines: 1, before: line.before ?? 0 });
  });
  return shown;
}

/** Two columns: what went beside what came, line by line. */
export function sideBySide(
  lines: readonly (DiffLine | Skipped)[],
): (Skipped | { kind: "pair"; left: DiffLine | undefined; right: DiffLine | undefined })[] {
  const pairs: ReturnType<typeof sideBySide> = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i];
    if (!line) break;
    if (line.kind === "skipped") {
      pairs.push(line);
      i++;
    } else if (line.kind === "same") {
      pairs.push({ kind: "pair", left: line, right: line });
      i++;
    } else {
      const run: DiffLine[] = [];
      for (
        let next = lines[i];
        next && (next.kind === "removed" || next.kind === "added");
        next = lines[++i]
      ) {
        run.push(next);
      }
      const left = run.filter((each) => each.kind === "removed");
      const right = run.filter((each) => each.kind === "added");
      for (let n = 0; n < Math.max(left.length, right.length); n++) {
        pairs.push({ kind: "pair", left: left[n], right: right[n] });
      }
    }
  }
  return pairs;
}

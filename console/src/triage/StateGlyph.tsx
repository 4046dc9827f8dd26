import type { AlertRow } from "../api/wire";
import { isDecided, shortName, VERDICT_NAME } from "./verdicts";

/** Open: a dot; somebody's: half a disc; decided: its sign. Shape first, colour second. */
export function StateGlyph({ row }: { row: Pick<AlertRow, "verdict" | "assignee"> }) {
  const of = row.assignee ? `, assigned to ${shortName(row.assignee)}` : "";
  const name = `${VERDICT_NAME[row.verdict || "open"]}${of}`;
  return (
    <svg className={`i st ${row.verdict || "open"}`} viewBox="0 0 16 16" role="img" aria-label={name}>
      <title>{name}</title>
      {isDecided(row) ? <path d={SIGN[row.verdict]} /> : <Undecided assigned={row.assignee !== ""} />}
    </svg>
  );
}

const SIGN: Record<string, string> = {
  true_positive: "m3 8.500 3.300 3.300L13 5",
  false_positive: "m4 4 8 8M12 4l-8 8",
  benign: "M3 8h10",
};

function Undecided({ assigned }: { assigned: boolean }) {
  if (!assigned) return <circle className="full" cx="8" cy="8" r="3.2" />;
  return (
    <>
      <circle cx="8" cy="8" r="4.8" />
      <path className="full" d="M8 3.200a4.800 4.800 0 0 1 0 9.600z" />
    </>
  );
}

import { Key } from "../parts/Key";
import type { Asked } from "./VerdictDialog";
import { DECISIONS, VERDICT_NAME } from "./verdicts";

export const NEEDS_ROLE = "Needs the role analyst, engineer, responder or admin";

/** The verdicts and Assign me; what is not allowed says which role it needs. */
export function TriageButtons({
  allowed,
  onAsk,
  onAssign,
}: {
  allowed: boolean;
  onAsk: (what: Asked["what"]) => void;
  onAssign: () => void;
}) {
  const common = {
    type: "button" as const,
    className: "btn",
    "aria-disabled": !allowed,
    title: allowed ? undefined : NEEDS_ROLE,
  };
  return (
    <>
      {DECISIONS.map(({ verdict, key }) => (
        <button key={verdict} {...common} onClick={() => onAsk(verdict)}>
          {VERDICT_NAME[verdict]}
          <Key name={key.toLowerCase()} />
        </button>
      ))}
      <button {...common} onClick={onAssign}>
        Assign me
        <Key name="a" />
      </button>
    </>
  );
}

import type { ConditionNode, Explanation, SearchNode } from "../api/workbench";
import { Icon } from "../parts/Icon";
import { HostileText } from "../text/HostileText";

const WHY: Record<string, string> = {
  matched: "matched",
  "value-differs": "value differs",
  "case-differs": "case differs",
  "text-elsewhere": "stands elsewhere",
  "field-absent": "field absent",
  "field-is-null": "field is null",
  "no-plain-value": "no plain value",
  "not-a-number": "no number",
  "not-an-address": "no address",
  "not-a-date": "no date",
  "other-field-absent": "other field absent",
  "field-present": "field present",
  "has-value": "has a value",
  "not-found": "not found",
};
const MOST_VALUE = 400;

/** Every step of a rule on one event, as the engine took it, without short cuts. */
export function WhyTree({ explanation }: { explanation: Explanation }) {
  const { log_source: source, condition, selections } = explanation;
  return (
    <ul className="xt" aria-label="Why">
      <Step
        holds={source.covers ?? false}
        depth={0}
        reason={source.covers ? "covered" : "another log source"}
      >
        <b>log source</b>
        {source.differences?.map((each) => (
          <span key={each.attribute} className="t2">
            {each.attribute} is <HostileText text={each.seen || "unknown"} />, wanted{" "}
            <HostileText text={each.wanted} />
          </span>
        ))}
      </Step>
      <Step holds={condition.holds ?? false} depth={0} reason={condition.holds ? "true" : "false"}>
        <b>condition</b>{" "}
        <span className="m">
          <HostileText text={condition.text ?? ""} />
        </span>
      </Step>
      {condition.tree && condition.tree.kind !== "selection" && <Condition node={condition.tree} depth={1} />}
      {selections.map((selection) => (
        <Selection key={selection.name} selection={selection} />
      ))}
    </ul>
  );
}

function Selection({ selection }: { selection: Explanation["selections"][number] }) {
  const exclusion = selection.role === "exclusion";
  return (
    <>
      <Step
        holds={exclusion ? !selection.holds : selection.holds}
        depth={0}
        reason={
          exclusion
            ? selection.holds
              ? "excludes this event"
              : "does not exclude"
            : selection.holds
              ? "holds"
              : "fails"
        }
      >
        <b>
          <HostileText text={selection.name} />
        </b>
        {selection.role === "unused" && <span className="t3">not named by the condition</span>}
      </Step>
      {selection.search && <Search node={selection.search} depth={1} />}
    </>
  );
}

function Condition({ node, depth }: { node: ConditionNode; depth: number }) {
  const below = [...node.terms, ...(node.term ? [node.term] : []), ...node.selections];
  return (
    <>
      <Step holds={node.holds} depth={depth} reason={node.holds ? "true" : "false"}>
        <HostileText text={node.name || node.text || CONDITION[node.kind] || node.kind} />
      </Step>
      {below.map((each, at) => (
        <Condition key={`${depth}-${String(at)}`} node={each} depth={depth + 1} />
      ))}
    </>
  );
}
const CONDITION: Record<string, string> = { and: "all of", or: "one of", not: "not" };

function Search({ node, depth }: { node: SearchNode; depth: number }) {
  const below = [...node.parts, ...(node.part ? [node.part] : [])];
  if (node.kind !== "test") {
    const name = node.kind === "every" ? "all of" : node.kind === "any" ? "any of" : "not equal";
    return (
      <>
        <Step holds={node.holds} depth={depth} reason={node.holds ? "holds" : "fails"}>
          <span className="t2">
            {name} {below.length > 1 && below.length}
          </span>
        </Step>
        {below.map((each, at) => (
          <Search key={`${depth}-${String(at)}`} node={each} depth={depth + 1} />
        ))}
      </>
    );
  }
  return (
    <>
      <Step holds={node.holds} depth={depth} reason={WHY[node.why] ?? node.why}>
        <HostileText text={node.field || "any value"} /> <span className="t2">{node.operator}</span>{" "}
        <span className="m">
          <HostileText text={node.pattern.slice(0, MOST_VALUE)} />
        </span>
      </Step>
      {!node.holds && node.values.length > 0 && (
        <li className="act">
          found{" "}
          <span className="m">
            <HostileText text={node.values.join(", ").slice(0, MOST_VALUE)} />
          </span>
        </li>
      )}
      {node.note && (
        <li className="act">
          <HostileText text={node.note} />
        </li>
      )}
    </>
  );
}

interface StepProps {
  holds: boolean;
  depth: number;
  reason: string;
  children: React.ReactNode;
}

function Step({ holds, depth, reason, children }: StepProps) {
  return (
    <li>
      <span className={`l d${Math.min(depth, 8)}`}>
        <span className={holds ? "good" : "bad"} role="img" aria-label={holds ? "true" : "false"}>
          <Icon name={holds ? "ok" : "x"} />
        </span>
        {children}
      </span>
      <span className="rs">{reason}</span>
    </li>
  );
}

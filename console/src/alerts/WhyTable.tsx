import { useState } from "react";
import { Link } from "wouter";
import type { AlertDetail, MatchedField } from "../api/wire";
import { routes } from "../app/routes";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { plural } from "../parts/numbers";
import { plain } from "../text/defang";
import { excerpt } from "../text/excerpt";
import { HostileText } from "../text/HostileText";
import { matchedPart, operatorWords } from "../text/matchedPart";
import { matchedFields } from "./why";

/** Each condition that held, beside the value it held for. */
export function WhyTable({ tenant, detail }: { tenant: string; detail: AlertDetail }) {
  const fields = matchedFields(detail);
  return (
    <section className="panel">
      <div className="ph">
        <h2>Why it fired</h2>
        <span className="t3">
          rule v{detail.alert.ruleVersion}, {plural(detail.evidence.length, "event")}
        </span>
        <span className="sp" />
        <Link className="t2" href={routes.rule(tenant, detail.alert.ruleId)}>
          Open rule <Key name="w" />
        </Link>
      </div>
      {detail.alert.reason && (
        <p className="why">
          <HostileText text={detail.alert.reason} />
        </p>
      )}
      {fields.length > 0 && (
        <table className="tr">
          <thead>
            <tr>
              <th scope="col">Condition</th>
              <th scope="col">Value in the event</th>
            </tr>
          </thead>
          <tbody>
            {bySelection(fields).map(([selection, members]) => (
              <Selection key={selection} name={selection} fields={members} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function bySelection(fields: readonly MatchedField[]): [string, MatchedField[]][] {
  const groups = new Map<string, MatchedField[]>();
  for (const field of fields) {
    const group = groups.get(field.selection);
    if (group) group.push(field);
    else groups.set(field.selection, [field]);
  }
  return [...groups];
}

function Selection({ name, fields }: { name: string; fields: readonly MatchedField[] }) {
  return (
    <>
      <tr>
        <th scope="rowgroup" className="c">
          <span className="pass">
            <Icon name="ok" />
          </span>
          <span className="g">selection</span>
          <span className="el">
            <HostileText text={name || "condition"} />
          </span>
        </th>
        <td>
          <span className="t3">{plural(fields.length, "condition holds", "conditions hold")}</span>
        </td>
      </tr>
      {fields.map((field, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: evidence has no other identity and does not move
        <tr key={at}>
          <td className="c d1">
            <span className="pass">
              <Icon name="ok" />
            </span>
            <span
              className="el"
              title={plain(`${field.field} ${operatorWords(field.operator)} ${field.pattern}`)}
            >
              <span className="fld">
                <HostileText text={field.field || "any field"} />
              </span>{" "}
              {operatorWords(field.operator)}{" "}
              <span className="m">
                <HostileText text={shownPattern(field.pattern)} />
              </span>
            </span>
          </td>
          <td className="val">
            <Value field={field} />
          </td>
        </tr>
      ))}
    </>
  );
}

const SHORT = 160;

/** The value with the matched part marked; a long one is cut around it until asked for whole. */
function Value({ field }: { field: MatchedField }) {
  const [whole, setWhole] = useState(false);
  const marks = matchedPart(field.value, field);
  const shown = whole ? { text: field.value, marks } : excerpt(field.value, marks, SHORT);
  return (
    <>
      <span className="m">
        <HostileText text={shown.text} marks={shown.marks} />
      </span>
      {field.value.length > SHORT && (
        <button type="button" className="btn q" onClick={() => setWhole(!whole)}>
          {whole ? "Show less" : "Show all"}
        </button>
      )}
    </>
  );
}

/** Spaces at the ends decide whether a rule matches: show them in quotes. */
const shownPattern = (pattern: string) => (pattern !== pattern.trim() ? `"${pattern}"` : pattern);

import type { RefObject } from "react";
import type { RuleDiagnostic } from "../api/wire";
import { plural } from "../parts/numbers";
import { HostileText } from "../text/HostileText";
import type { EditorHandle } from "./Editor";
import { fixOf } from "./fixes";

interface Props {
  diagnostics: readonly RuleDiagnostic[];
  editor: RefObject<EditorHandle | null>;
}

/** What the compiler says of the text: where, what, the way out. */
export function DraftProblems({ diagnostics, editor }: Props) {
  return (
    <section className="pr" aria-label="Problems">
      <div className="hh">
        <b>Problems</b>
        <span className="t3">
          {diagnostics.length === 0 ? "none" : plural(diagnostics.length, "finding")}
        </span>
        <span className="sp" />
        {diagnostics.length > 0 && <kbd>F8</kbd>}
      </div>
      <ul>
        {diagnostics.map((each) => {
          const fix = fixOf(each);
          return (
            <li key={`${each.line}:${each.column}:${each.code}:${each.message}`}>
              <span
                className={`gm ${each.severity === "error" ? "e" : each.severity === "warning" ? "w" : "h"}`}
                role="img"
                aria-label={each.severity}
              />
              <button
                type="button"
                className="m t2"
                onClick={() => editor.current?.goTo(each.line, each.column)}
              >
                {each.line}:{each.column}
              </button>
              <span className="msg">
                <HostileText text={each.message} />{" "}
                <span className="t2">
                  <HostileText text={each.remedy} />
                </span>{" "}
                {fix !== null && (
                  <button type="button" className="fix" onClick={() => editor.current?.fix(each)}>
                    Use <HostileText text={fix} />
                  </button>
                )}
              </span>
              <span className="m t3">
                <HostileText text={each.code} />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

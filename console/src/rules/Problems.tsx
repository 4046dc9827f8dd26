import type { RuleDiagnostic } from "../api/wire";
import { plural, whole } from "../parts/numbers";
import { HostileText } from "../text/HostileText";

const MARK: Record<string, string> = { error: "e", warning: "w" };
const MOST = 200;

/** What the compiler said about rule files that it refused or doubts. */
export function Problems({ diagnostics }: { diagnostics: readonly RuleDiagnostic[] }) {
  const errors = diagnostics.filter((each) => each.severity === "error").length;
  const warnings = diagnostics.filter((each) => each.severity === "warning").length;
  return (
    <section className="pr" aria-label="Problems">
      <div className="hh">
        <b>Problems</b>
        <span className="t3">
          {[errors > 0 && plural(errors, "error"), warnings > 0 && plural(warnings, "warning")]
            .filter(Boolean)
            .join(", ") || plural(diagnostics.length, "hint")}
        </span>
        {diagnostics.length > MOST && <span className="t3">the first {whole(MOST)} are shown</span>}
      </div>
      <ul tabIndex={0} aria-label="Problems in rule files">
        {diagnostics.slice(0, MOST).map((each) => (
          <li key={`${each.file}:${each.line}:${each.column}:${each.code}`}>
            <span className={`gm ${MARK[each.severity] ?? "h"}`} role="img" aria-label={each.severity} />
            <span className="m t2 el">
              <HostileText text={`${each.file}${each.line > 0 ? `:${each.line}:${each.column}` : ""}`} />
            </span>
            <span className="msg">
              <HostileText text={each.message} />{" "}
              <span className="t2">
                <HostileText text={each.remedy} />
              </span>
            </span>
            <span className="m t3">
              <HostileText text={each.code} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

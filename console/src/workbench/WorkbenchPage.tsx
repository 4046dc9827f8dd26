import { useMutation, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useRule } from "../alerts/queries";
import type { RuleDiagnostic } from "../api/wire";
import { getVocabulary, testRules, validateRules } from "../api/workbench";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { plural } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { logSourceOf } from "./completion";
import { Deployment, RuleFigures } from "./Deployment";
import { Editor, type EditorHandle } from "./Editor";
import { splitEvents } from "./events";
import { newRule } from "./newRule";
import { TestPanel } from "./TestPanel";

const CHECK_AFTER_MS = 150;
const NONE: readonly RuleDiagnostic[] = [];

/** Write a rule, see what the compiler says of it, put events to it. */
export default function WorkbenchPage({ tenant, id }: { tenant: string; id: string }) {
  const rule = useRule(tenant, id === "new" ? "" : id);
  if (id === "new") return <Bench tenant={tenant} file="new-rule.yml" source={newRule(new Date())} />;
  if (rule.error) {
    return <ErrorBox what="The rule could not be read." error={rule.error} onRetry={() => rule.refetch()} />;
  }
  if (!rule.data) return <Skeleton rows={16} label="Loading the rule" />;
  if (!rule.data.source) return <EmptyState title="The rule's text is not kept." />;
  return (
    <Bench key={id} tenant={tenant} file={rule.data.file || `${id}.yml`} source={rule.data.source} id={id} />
  );
}

function Bench({ tenant, file, source, id }: { tenant: string; file: string; source: string; id?: string }) {
  const [text, setText] = useState(source);
  const [events, setEvents] = useState("");
  const [, navigate] = useLocation();
  const editor = useRef<EditorHandle | null>(null);
  const settled = useSettled(text, CHECK_AFTER_MS);
  const validation = useQuery({
    queryKey: ["validate", tenant, file, settled],
    queryFn: ({ signal }) => validateRules(tenant, [{ file, text: settled }], signal),
    placeholderData: (previous) => previous,
    gcTime: 0,
  });
  const logSource = useDeferredValue(JSON.stringify(logSourceOf(settled)));
  const vocabulary = useQuery({
    queryKey: ["vocabulary", tenant, logSource],
    queryFn: ({ signal }) => getVocabulary(tenant, JSON.parse(logSource), signal),
    placeholderData: (previous) => previous,
    staleTime: 300_000,
  });
  const split = useMemo(() => splitEvents(events), [events]);
  const trial = useMutation({ mutationFn: () => testRules(tenant, [{ file, text }], split) });
  const run = () => {
    if (split.length > 0) trial.mutate();
  };
  useKeys({
    "Ctrl+enter": run,
    F8: () => editor.current?.nextProblem(),
    Escape: () => navigate(id ? routes.rule(tenant, id) : routes.rules(tenant)),
  });
  const diagnostics = validation.data?.diagnostics ?? NONE;
  const compiled = validation.data?.rules ?? [];
  return (
    <main className="pg bench">
      <header className="wb-hdr">
        <h1 className="el">
          <HostileText text={compiled[0]?.title || "Rule that does not compile yet"} />
        </h1>
        <span className="m t3 el">
          <HostileText text={file} />
        </span>
        <span className="t2 small" role="status">
          {validation.isFetching ? "Checking" : stateOf(diagnostics)}
        </span>
        <Deployment
          tenant={tenant}
          ruleId={compiled[0]?.ruleId ?? id ?? ""}
          source={{ file, text }}
          obstacle={diagnostics.some((each) => each.severity === "error") ? "Mend the errors first" : ""}
        />
        <button type="button" className="btn" onClick={run} disabled={split.length === 0 || trial.isPending}>
          Run tests <kbd>Ctrl ↵</kbd>
        </button>
      </header>
      <div className="wb-two">
        <section className="wb-edit" aria-label="Editor">
          <Editor
            text={text}
            diagnostics={diagnostics}
            vocabulary={vocabulary.data}
            onChange={setText}
            onTest={run}
            onReady={(handle) => {
              editor.current = handle;
            }}
          />
          {validation.error && (
            <ErrorBox
              what="The rule could not be checked."
              error={validation.error}
              onRetry={() => validation.refetch()}
            />
          )}
          <DraftProblems
            diagnostics={diagnostics}
            onOpen={(each) => editor.current?.goTo(each.line, each.column)}
          />
        </section>
        <TestPanel
          events={events}
          count={split.length}
          result={trial.data}
          error={trial.error}
          running={trial.isPending}
          onChange={setEvents}
          onTest={run}
        >
          <RuleFigures tenant={tenant} ruleId={compiled[0]?.ruleId ?? id ?? ""} />
        </TestPanel>
      </div>
      <footer className="ft">
        <span>
          <kbd>Ctrl ↵</kbd>run tests
        </span>
        <span>
          <kbd>F8</kbd>next problem
        </span>
        <span>
          <kbd>Ctrl Space</kbd>complete
        </span>
        <span>
          <kbd>Esc</kbd>
          <kbd>Tab</kbd>leave editor
        </span>
      </footer>
    </main>
  );
}

function stateOf(diagnostics: readonly RuleDiagnostic[]): string {
  const errors = diagnostics.filter((each) => each.severity === "error").length;
  return errors === 0 ? "Compiles" : plural(errors, "error");
}

interface ProblemsProps {
  diagnostics: readonly RuleDiagnostic[];
  onOpen(diagnostic: RuleDiagnostic): void;
}

function DraftProblems({ diagnostics, onOpen }: ProblemsProps) {
  return (
    <section className="pr" aria-label="Problems">
      <div className="hh">
        <b>Problems</b>
        <span className="t3">
          {diagnostics.length === 0 ? "none" : plural(diagnostics.length, "finding")}
        </span>
      </div>
      <ul>
        {diagnostics.map((each) => (
          <li key={`${each.line}:${each.column}:${each.code}:${each.message}`}>
            <span
              className={`gm ${each.severity === "error" ? "e" : each.severity === "warning" ? "w" : "h"}`}
              role="img"
              aria-label={each.severity}
            />
            <button type="button" className="m t2" onClick={() => onOpen(each)}>
              {each.line}:{each.column}
            </button>
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

/** A value once it has not changed for a while. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

import "../styles/workbench.css";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useRule, useRules } from "../alerts/queries";
import type { RuleDiagnostic } from "../api/wire";
import { getVocabulary, testRules, validateRules } from "../api/workbench";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { useUrlState } from "../app/urlState";
import { Dialog } from "../parts/Dialog";
import { plural, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { Tabs } from "../parts/Tabs";
import { HostileText } from "../text/HostileText";
import { logSourceOf } from "./completion";
import { Ask, ChangeFailed, DeployActions, RuleFigures, useRuleChange } from "./Deployment";
import { DiffView } from "./DiffView";
import { DraftProblems } from "./DraftProblems";
import { Editor, type EditorHandle } from "./Editor";
import { splitEvents } from "./events";
import { HistoryPanel } from "./HistoryPanel";
import { newRule } from "./newRule";
import { useRuleStatus, useRuleVersion, useRuleVersions } from "./queries";
import { ShadowPanel, useGates } from "./ShadowPanel";
import { TestPanel } from "./TestPanel";
import { VersionSteps } from "./VersionSteps";

const CHECK_AFTER_MS = 150;
const NONE: readonly RuleDiagnostic[] = [];
const TABS = ["tests", "shadow", "history"] as const;
type Tab = (typeof TABS)[number];

/** Write a rule, see what the compiler says of it, put events to it, bring it live. */
export default function WorkbenchPage({ tenant, id }: { tenant: string; id: string }) {
  const [url] = useUrlState();
  const [asked] = useState(Number(url.get("v") ?? 0) || 0);
  const isNew = id === "new";
  const rule = useRule(tenant, isNew ? "" : id);
  const versions = useRuleVersions(tenant, id, !isNew);
  // A draft that somebody began is gone on with; without one, what runs is opened.
  const draft = versions.data?.versions.find((each) => each.places.some((place) => place.stage === "draft"));
  const wanted = asked || draft?.version || 0;
  const version = useRuleVersion(tenant, isNew ? "" : id, wanted);
  if (isNew) {
    return <Bench tenant={tenant} file="new-rule.yml" source={newRule(new Date())} base={0} opened={0} />;
  }
  const failed = rule.error ?? version.error;
  if (failed) {
    return (
      <main className="pg-plain">
        <ErrorBox
          what="The rule could not be read."
          error={failed}
          onRetry={() => {
            rule.refetch();
            if (wanted) version.refetch();
          }}
        />
      </main>
    );
  }
  if (!rule.data || versions.isPending || (wanted && !version.data)) {
    return (
      <main className="pg-plain">
        <Skeleton rows={16} label="Loading the rule" />
      </main>
    );
  }
  const source = version.data?.source || rule.data.source;
  if (!source) return <EmptyState title="The rule's text is not kept." />;
  const opened = version.data?.version ?? rule.data.version;
  const newest = versions.data?.versions[0]?.version ?? rule.data.newestVersion;
  return (
    <Bench
      key={id}
      tenant={tenant}
      file={rule.data.file || `${id}.yml`}
      source={source}
      id={id}
      base={Math.max(newest, opened)}
      opened={opened}
    />
  );
}

interface BenchProps {
  tenant: string;
  file: string;
  source: string;
  id?: string;
  /** The newest version when the text was read. */
  base: number;
  /** The version that the text is; 0: a new rule. */
  opened: number;
}

function Bench({ tenant, file, source, id, base: readBase, opened: readVersion }: BenchProps) {
  const [url, change] = useUrlState();
  const [, navigate] = useLocation();
  const [text, setText] = useState(source);
  const [saved, setSaved] = useState(source);
  const [base, setBase] = useState(readBase);
  const [opened, setOpened] = useState(readVersion);
  const [keptId, setKeptId] = useState(id ?? "");
  const [asking, ask] = useState<"save" | "leave" | null>(null);
  const [events, setEvents] = useState("");
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
  const diagnostics = validation.data?.diagnostics ?? NONE;
  const compiled = validation.data?.rules ?? [];
  const ruleId = compiled[0]?.ruleId || keptId;
  const rules = useRules(tenant);
  const kept = ruleId === keptId || (rules.data?.rules.some((each) => each.ruleId === ruleId) ?? false);
  const status = useRuleStatus(tenant, ruleId, kept);
  const versions = useRuleVersions(tenant, ruleId, kept);
  const placed = (kept && status.data?.rules) || [];
  const watched = useGates(tenant, ruleId, placed);
  const changes = useRuleChange({
    tenant,
    ruleId,
    source: { file, text },
    base,
    onKept: (version) => {
      setBase((before) => Math.max(before, version));
      setOpened(version);
      setSaved(text);
      setKeptId(ruleId);
    },
  });
  const dirty = text !== saved;
  const leave = () => navigate(keptId ? routes.rule(tenant, keptId) : routes.rules(tenant));
  const compared = kept ? Number(url.get("diff") ?? 0) || 0 : 0;
  const compare = (to: number) => change({ diff: to && to !== compared ? String(to) : null });
  const tab = TABS.find((each) => each === url.get("tab")) ?? "tests";
  useKeys({
    "Ctrl+enter": run,
    F8: () => editor.current?.nextProblem(),
    Escape: () => {
      if (compared) compare(0);
      else if (dirty) ask("leave");
      else leave();
    },
  });
  const errors = diagnostics.some((each) => each.severity === "error");
  const obstacle = errors ? "Mend the errors first" : "";
  const newest = versions.data?.versions[0]?.version ?? base;
  return (
    <main className="pg bench">
      <header className="wb-hdr">
        <h1 className="el">
          <HostileText text={compiled[0]?.title || "Rule that does not compile yet"} />
        </h1>
        <VersionSteps
          placed={placed}
          versions={(kept && versions.data?.versions) || []}
          compared={compared}
          onCompare={compare}
        />
        <span className="sp" />
        <DeployActions change={changes} placed={placed} watched={watched} obstacle={obstacle} />
      </header>
      {kept && status.data?.waitsForKafka && (
        <p className="waits" role="status">
          Revision {whole(status.data.revision)} is recorded and waits for Kafka. What ran before goes on
          until it answers.
        </p>
      )}
      <div className="wb-two">
        <section className="wb-edit" aria-label="Editor">
          <div className="eb">
            <span className="m t3 el">
              <HostileText text={file} />
            </span>
            <span role="status">{validation.isFetching ? "Checking" : stateOf(diagnostics)}</span>
            <span className={dirty ? "warn-text" : "t3"}>
              {dirty ? "not saved" : opened > 0 ? `version ${opened}` : ""}
            </span>
            <span className="sp" />
            {newest > 0 && kept && (
              <button
                type="button"
                className="btn q"
                aria-pressed={compared > 0}
                onClick={() => compare(compared || newest)}
              >
                Compare
              </button>
            )}
            <button
              type="button"
              className="btn q"
              disabled={errors || changes.pending}
              title={obstacle}
              onClick={() => ask("save")}
            >
              Save draft…
            </button>
            <button
              type="button"
              className="btn"
              onClick={run}
              disabled={split.length === 0 || trial.isPending}
            >
              Run tests <kbd>Ctrl ↵</kbd>
            </button>
          </div>
          {compared > 0 && (
            <DiffView
              tenant={tenant}
              ruleId={ruleId}
              version={compared}
              text={text}
              side={url.get("view") === "side"}
              onSide={(side) => change({ view: side ? "side" : null })}
              onTake={(other) => {
                setText(other);
                compare(0);
              }}
              onClose={() => compare(0)}
            />
          )}
          <div className="cme-box" hidden={compared > 0}>
            <Editor
              text={text}
              diagnostics={diagnostics}
              vocabulary={vocabulary.data}
              onChange={setText}
              onTest={run}
              onReady={(handle) => {
                editor.current = handle;
                const line = Number(url.get("line") ?? 0);
                if (line > 0) handle.goTo(line, 1);
              }}
            />
          </div>
          {validation.error && (
            <ErrorBox
              what="The rule could not be checked."
              error={validation.error}
              onRetry={() => validation.refetch()}
            />
          )}
          <DraftProblems diagnostics={diagnostics} editor={editor} />
        </section>
        <aside className="wb-side" aria-label="Tests, shadow, history">
          <Tabs<Tab>
            label="Beside the editor"
            value={tab}
            onValue={(to) => change({ tab: to === "tests" ? null : to })}
            tabs={[
              { value: "tests", label: "Tests" },
              { value: "shadow", label: "Shadow" },
              { value: "history", label: "History" },
            ]}
          />
          <div
            className="wb-test"
            role="tabpanel"
            id={`panel-${tab}`}
            aria-labelledby={`tab-${tab}`}
            tabIndex={0}
          >
            {tab === "tests" && (
              <TestPanel
                events={events}
                count={split.length}
                result={trial.data}
                error={trial.error}
                running={trial.isPending}
                onChange={setEvents}
                onTest={run}
              >
                <RuleFigures status={kept ? status.data : undefined} />
              </TestPanel>
            )}
            {tab === "shadow" && (
              <>
                <ShadowPanel watched={watched} />
                <RuleFigures status={kept ? status.data : undefined} />
              </>
            )}
            {tab === "history" && (
              <HistoryPanel tenant={tenant} ruleId={ruleId} kept={kept} onCompare={compare} />
            )}
          </div>
        </aside>
      </div>
      <Footer obstacle={obstacle} />
      {asking === "save" && (
        <Ask title="Save as a draft" verb="Save draft" onClose={() => ask(null)} onDo={changes.save}>
          <p className="say">It is kept as the rule's next version and runs nowhere until it is deployed.</p>
        </Ask>
      )}
      {asking === "leave" && (
        <Dialog label="Leave without saving?" onClose={() => ask(null)}>
          <h2 className="h">Leave without saving?</h2>
          <p className="say">What you wrote is in this page only.</p>
          <div className="dialog-acts">
            <button type="button" className="btn p" onClick={() => ask(null)}>
              Stay
            </button>
            <button type="button" className="btn" onClick={leave}>
              Leave
            </button>
          </div>
        </Dialog>
      )}
      <ChangeFailed
        change={changes}
        newest={newest}
        onCompare={(version) => {
          versions.refetch().then((again) => {
            const theirs = again.data?.versions[0]?.version ?? version;
            change({ diff: String(theirs) });
          });
        }}
        onOverwrite={() => {
          versions.refetch().then((again) => setBase(again.data?.versions[0]?.version ?? base));
        }}
      />
    </main>
  );
}

function Footer({ obstacle }: { obstacle: string }) {
  return (
    <footer className="ft">
      <span>
        <kbd>Ctrl ↵</kbd>run tests
      </span>
      <span>
        <kbd>F8</kbd>next problem
      </span>
      <span>
        <kbd>Alt ↵</kbd>apply fix
      </span>
      <span>
        <kbd>Ctrl Space</kbd>complete
      </span>
      <span>
        <kbd>Esc</kbd>
        <kbd>Tab</kbd>leave editor
      </span>
      <span className="sp" />
      {obstacle && <span>Deploy is off: {obstacle.toLowerCase()}</span>}
    </footer>
  );
}

function stateOf(diagnostics: readonly RuleDiagnostic[]): string {
  const errors = diagnostics.filter((each) => each.severity === "error").length;
  return errors === 0 ? "Compiles" : plural(errors, "error");
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

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import {
  type Deployed,
  deployRules,
  type RuleSetStatus,
  type RuleStatus,
  retireRule,
  rollBackRule,
  stageRule,
} from "../api/deployments";
import { ApiError } from "../api/fetchJson";
import { createRuleVersion } from "../api/rules";
import type { RuleText } from "../api/workbench";
import { toast } from "../app/toast";
import { Dialog } from "../parts/Dialog";
import { bytes, plural, whole } from "../parts/numbers";
import { ErrorBox } from "../parts/states";
import { HostileText } from "../text/HostileText";
import { unmet } from "./gates";
import { type Gates, GateTable } from "./ShadowPanel";

interface Change {
  tenant: string;
  /** The rule that the text is; empty while it does not compile. */
  ruleId: string;
  source: RuleText;
  /** The newest version that the text was made from; 0: the rule is new. */
  base: number;
  /** A version holds the text now: what is changed next is made from it. */
  onKept(version: number): void;
}

/** What an answer says in one line, and the version that came of it, 0 for none. */
interface Outcome {
  words: string;
  version: number;
}

/** Changes of what is kept and what runs, one at a time. */
export function useRuleChange({ tenant, ruleId, source, base, onKept }: Change) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (run: () => Promise<Outcome>) => run(),
    onSuccess: ({ words, version }) => {
      toast(words);
      if (version > 0) onKept(version);
      for (const key of ["rulestatus", "ruleversions", "rulehistory", "rules", "rule"]) {
        client.invalidateQueries({ queryKey: [key, tenant] });
      }
    },
  });
  const text = { ...source, baseVersion: base };
  return {
    pending: change.isPending,
    error: change.error,
    reset: () => change.reset(),
    deploy: (to: "shadow" | "live") =>
      change.mutate(async () => outcome(await deployRules(tenant, text, to), true)),
    save: (comment: string) =>
      change.mutate(async () => {
        const made = await createRuleVersion(tenant, {
          file: source.file,
          source: source.text,
          comment,
          baseVersion: base,
        });
        const error = made.diagnostics.find((each) => each.severity === "error");
        if (!made.version)
          return { words: `Refused: ${error?.message ?? "it does not compile"}`, version: 0 };
        const words = made.existed
          ? `The rule has this text already, as version ${made.version.version}.`
          : `Saved as version ${made.version.version}${made.waitsForKafka ? "; it waits for Kafka" : ""}.`;
        return { words, version: made.version.version };
      }),
    promote: (version: number, comment: string) =>
      change.mutate(async () => outcome(await stageRule(tenant, ruleId, version, "live", comment), false)),
    rollBack: (version: number, comment: string) =>
      change.mutate(async () => outcome(await rollBackRule(tenant, ruleId, version, comment), false)),
    retire: (comment: string) =>
      change.mutate(async () => outcome(await retireRule(tenant, ruleId, comment), false)),
  };
}

export type RuleChange = ReturnType<typeof useRuleChange>;

function outcome(answer: Deployed, kept: boolean): Outcome {
  const error = answer.diagnostics.find((each) => each.severity === "error");
  if (answer.revision === 0 && error) return { words: `Refused: ${error.message}`, version: 0 };
  const waits = answer.waitsForKafka ? " It waits for Kafka." : "";
  const changed = answer.rules.filter((each) => each.changed);
  const one = changed[0] ?? answer.rules[0];
  const version = kept ? (one?.version ?? 0) : 0;
  if (changed.length === 0)
    return { words: `Nothing changed; revision ${answer.revision} runs.${waits}`, version };
  const what = changed.length === 1 ? `Version ${one?.version} is` : `${changed.length} rules are`;
  return { words: `${what} in revision ${answer.revision}.${waits}`, version };
}

interface ActionProps {
  change: RuleChange;
  placed: readonly RuleStatus[];
  watched: Gates;
  /** Why the text cannot be deployed now; empty: it can. */
  obstacle: string;
}

/** The way from here to the next: shadow, live, back. */
export function DeployActions({ change, placed, watched, obstacle }: ActionProps) {
  const [asked, ask] = useState<"rollback" | "retire" | "promote" | null>(null);
  const running = placed.some((each) => each.stage === "live" || each.stage === "shadow");
  const { shadow } = watched;
  const blocked = obstacle !== "" || change.pending;
  const button = (label: string, run: () => void, disabled: boolean, tone = "", title = "") => (
    <button type="button" className={`btn ${tone}`} disabled={disabled} title={title} onClick={run}>
      {label}
    </button>
  );
  const close = () => ask(null);
  return (
    <>
      {running && button("Retire…", () => ask("retire"), change.pending, "q")}
      {running && button("Roll back…", () => ask("rollback"), change.pending)}
      {shadow && button(`Promote v${shadow.version}…`, () => ask("promote"), change.pending)}
      {button("Deploy to shadow", () => change.deploy("shadow"), blocked, "", obstacle)}
      {button("Deploy live", () => change.deploy("live"), blocked, "p", obstacle)}
      {asked === "rollback" && <RollBack change={change} placed={placed} onClose={close} />}
      {asked === "retire" && <Retire change={change} onClose={close} />}
      {asked === "promote" && shadow && <Promote change={change} watched={watched} onClose={close} />}
    </>
  );
}

function RollBack({
  change,
  placed,
  onClose,
}: {
  change: RuleChange;
  placed: readonly RuleStatus[];
  onClose(): void;
}) {
  const [version, setVersion] = useState("");
  const live = placed.find((each) => each.stage === "live") ?? placed[0];
  return (
    <Ask
      title="Roll back this rule"
      verb="Roll back"
      onClose={onClose}
      onDo={(comment) => change.rollBack(Number(version) || 0, comment)}
    >
      <p className="say">
        {version
          ? `Version ${version} takes the place of the one that runs, on every subtask.`
          : "The newest version below the one that runs takes its place on every subtask."}
      </p>
      <label className="fld-line">
        Version, optional
        <input
          className="m"
          inputMode="numeric"
          pattern="[0-9]*"
          value={version}
          placeholder={live && live.version > 1 ? `below ${live.version}` : ""}
          onChange={(event) => setVersion(event.target.value.replace(/\D/g, "").slice(0, 9))}
        />
      </label>
    </Ask>
  );
}

function Retire({ change, onClose }: { change: RuleChange; onClose(): void }) {
  return (
    <Ask title="Retire this rule" verb="Retire" onClose={onClose} onDo={change.retire}>
      <p className="say">
        It stops on every subtask. Its alerts stay, and every version can be deployed again.
      </p>
    </Ask>
  );
}

/** Gates inform; whoever may deploy decides, and says why. */
function Promote({ change, watched, onClose }: { change: RuleChange; watched: Gates; onClose(): void }) {
  const { shadow, live } = watched;
  const open = unmet(watched.gates);
  if (!shadow) return null;
  return (
    <Ask
      title={`Promote version ${shadow.version}`}
      verb={open.length > 0 ? "Promote anyway" : "Promote"}
      onClose={onClose}
      onDo={(comment) => change.promote(shadow.version, comment)}
    >
      <p className="say">
        {live
          ? `Version ${shadow.version} raises alerts from now on, and version ${live.version} ends.`
          : `Version ${shadow.version} raises alerts from now on.`}{" "}
        {open.length > 0 && (
          <b className="warn-text">{plural(open.length, "gate does", "gates do")} not hold.</b>
        )}
      </p>
      <GateTable watched={watched} />
    </Ask>
  );
}

interface AskProps {
  title: string;
  verb: string;
  children: ReactNode;
  onClose(): void;
  onDo(comment: string): void;
}

/** A change that asks why. */
export function Ask({ title, verb, children, onClose, onDo }: AskProps) {
  const [comment, setComment] = useState("");
  return (
    <Dialog label={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onDo(comment.trim());
          onClose();
        }}
      >
        <h2 className="h">{title}</h2>
        {children}
        <label className="fld-line">
          Comment, optional
          <textarea
            maxLength={2000}
            rows={2}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
        <div className="dialog-acts">
          <button type="submit" className="btn p">
            {verb}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface FailedProps {
  change: RuleChange;
  /** The newest version now, as far as it is known. */
  newest: number;
  onCompare(version: number): void;
  onOverwrite(version: number): void;
}

/** Why nothing was changed; when somebody else was faster, what to do about it. */
export function ChangeFailed({ change, newest, onCompare, onOverwrite }: FailedProps) {
  const { error, reset } = change;
  if (!error) return null;
  const faster = error instanceof ApiError && (error.code === "ABORTED" || error.status === 409);
  if (!faster) {
    return (
      <Dialog label="Nothing was changed" onClose={reset}>
        <ErrorBox what="The change was refused." error={error} />
      </Dialog>
    );
  }
  return (
    <Dialog label="Somebody else changed this rule" onClose={reset}>
      <h2 className="h">Somebody else changed this rule</h2>
      <p className="say">
        <HostileText text={error.message} />
      </p>
      <p className="say t2">Nothing was changed. Your text is still in the editor.</p>
      <div className="dialog-acts">
        <button
          type="button"
          className="btn p"
          onClick={() => {
            reset();
            onCompare(newest);
          }}
        >
          Compare with theirs
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => {
            reset();
            onOverwrite(newest);
          }}
        >
          Go on from theirs with my text
        </button>
        <button type="button" className="btn" onClick={reset}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}

/** What each version has done since its subtasks started. */
export function RuleFigures({ status }: { status: RuleSetStatus | undefined }) {
  const rules = status?.rules ?? [];
  if (!status || rules.length === 0) return null;
  return (
    <section className="sec" aria-label="Running versions">
      <h2 className="h">
        Running{" "}
        <span className="t3">
          revision {whole(status.revision)}, active on {status.active} of {status.subtasks} subtasks
        </span>
      </h2>
      {status.refusal && (
        <p className="bad small">
          <HostileText text={status.refusal} />
        </p>
      )}
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Active</th>
            <th scope="col">Matches</th>
            <th scope="col">Alerts</th>
            <th scope="col">Time</th>
            <th scope="col">State</th>
            <th scope="col">Errors</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((each) => (
            <Figures key={`${each.version}-${each.stage}-${each.tenants.join()}`} status={each} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Figures({ status }: { status: RuleStatus }) {
  return (
    <tr>
      <th scope="row">
        v{status.version} {status.stage}
        {status.tenants.length > 0 && (
          <span className="t3">
            {" "}
            for <HostileText text={status.tenants.join(", ")} />
          </span>
        )}
        {status.fault && (
          <span className="bad">
            {" "}
            <HostileText text={status.fault} />
          </span>
        )}
      </th>
      <td>
        {status.stage === "live" || status.stage === "shadow"
          ? `${status.active} of ${status.subtasks}`
          : "–"}
      </td>
      <td>{whole(status.matches)}</td>
      <td>{whole(status.alerts)}</td>
      <td>{(status.nanos / 1e6).toFixed(1)} ms</td>
      <td>{bytes(status.stateBytes)}</td>
      <td>{whole(status.errors)}</td>
    </tr>
  );
}

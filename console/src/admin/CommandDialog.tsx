import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Agent, sendCommand } from "../api/agents";
import { toast } from "../app/toast";
import { Field, FormDialog } from "../parts/FormDialog";
import { TextField } from "../parts/TextField";
import { HostileText, NameText } from "../text/HostileText";
import { ACTIONS, type Action, aboutOf, type Member, messageOf, problemsOf, type Typed } from "./actions";
import { ConfirmDialog } from "./ConfirmDialog";
import { useChange } from "./useChange";

const VALID: [seconds: number, words: string][] = [
  [300, "5 minutes"],
  [3600, "1 hour"],
  [86_400, "24 hours"],
];

const FIRST = ACTIONS[0] as Action;

/** What to begin with: nothing, an action with some of its fields, or a command that was only tried. */
export interface Wish {
  member?: Member;
  typed?: Typed;
  /** Of a dry run: as it was signed. */
  message?: Record<string, unknown>;
}

/**
 * Tells an agent to do something. It is tried first unless somebody says otherwise, and what
 * changes the endpoint asks for its name, with the consequence.
 */
export function CommandDialog({
  tenant,
  agent,
  wish,
  onClose,
}: {
  tenant: string;
  agent: Agent;
  wish: Wish;
  onClose: () => void;
}) {
  const [member, setMember] = useState<Member>(wish.member ?? FIRST.member);
  const [typed, setTyped] = useState<Typed>(wish.typed ?? {});
  const [reason, setReason] = useState("");
  const [valid, setValid] = useState(300);
  const [dry, setDry] = useState(true);
  const [sure, setSure] = useState(wish.message !== undefined);
  const action = ACTIONS.find((each) => each.member === member) ?? FIRST;
  const message = wish.message ?? messageOf(action, typed);
  const client = useQueryClient();
  const host = agent.host || agent.agentId;
  const sent = useChange(
    "agentcommands",
    tenant,
    (dryRun: boolean) =>
      sendCommand(tenant, agent.agentId, {
        member,
        message,
        dryRun,
        reason: reason.trim(),
        validSeconds: valid,
      }),
    (made) => {
      client.invalidateQueries({ queryKey: ["agents", tenant] });
      toast(made.command.dryRun ? "Dry run sent" : `${action.verb}: sent`);
      onClose();
    },
  );
  const set = (name: string, text: string) => setTyped({ ...typed, [name]: text });
  if (sure) {
    return (
      <ConfirmDialog
        verb={action.verb}
        name={host}
        typed
        busy={sent.isPending}
        error={sent.error}
        onConfirm={() => sent.mutate(false)}
        onClose={onClose}
      >
        <p className="m">
          <HostileText text={aboutOf({ [member]: message, dryRun: false, reason: "", issuedBy: "" })} />
        </p>
        <p>{action.consequence}</p>
        {wish.message && <Reason reason={reason} onReason={setReason} />}
        <p>
          The agent begins with it at once, or when it comes back within{" "}
          {VALID.find(([seconds]) => seconds === valid)?.[1]}; later it does nothing.
        </p>
      </ConfirmDialog>
    );
  }
  const problems = problemsOf(action, typed);
  return (
    <FormDialog
      title="Command"
      verb={dry ? "Try it (dry run)" : "Go on"}
      danger={!dry}
      busy={sent.isPending}
      blocked={problems.length > 0 || reason.trim() === ""}
      error={sent.error}
      failed="The command was not sent."
      onSubmit={() => (dry ? sent.mutate(true) : setSure(true))}
      onClose={onClose}
    >
      <p className="confirm-name b">
        <NameText text={host} />
      </p>
      <Field label="Action" hint={action.consequence}>
        {(id, described) => (
          <select
            id={id}
            aria-describedby={described}
            value={member}
            onChange={(event) => {
              setMember(event.target.value as Member);
              setTyped({});
            }}
          >
            {ACTIONS.map((each) => (
              <option key={each.member} value={each.member}>
                {each.verb}
              </option>
            ))}
          </select>
        )}
      </Field>
      {action.fields.map((field) => {
        const text = typed[field.name] ?? "";
        if (field.kind === "box") {
          return (
            <label key={field.name} className="check">
              <input
                type="checkbox"
                checked={text === "true"}
                onChange={(event) => set(field.name, event.target.checked ? "true" : "")}
              />
              {field.label}
            </label>
          );
        }
        const problem = text === "" ? "" : field.problem(text);
        const shared = {
          className: field.kind === "lines" ? "m lines" : "m",
          value: text,
          spellCheck: false,
          "aria-invalid": problem !== "",
        };
        return (
          <Field key={field.name} label={field.label} hint={problem || field.hint}>
            {(id, described) =>
              field.kind === "lines" ? (
                <textarea
                  {...shared}
                  id={id}
                  aria-describedby={described}
                  rows={3}
                  maxLength={4000}
                  onChange={(event) => set(field.name, event.target.value)}
                />
              ) : (
                <input
                  {...shared}
                  id={id}
                  aria-describedby={described}
                  maxLength={4000}
                  autoComplete="off"
                  autoCapitalize="none"
                  onChange={(event) => set(field.name, event.target.value)}
                />
              )
            }
          </Field>
        );
      })}
      <Reason reason={reason} onReason={setReason} />
      <Field label="Valid for" hint="Within which the agent may begin with it">
        {(id, described) => (
          <select
            id={id}
            aria-describedby={described}
            value={valid}
            onChange={(event) => setValid(Number(event.target.value))}
          >
            {VALID.map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={dry} onChange={(event) => setDry(event.target.checked)} />
        Dry run first: say what would be done, change nothing
      </label>
    </FormDialog>
  );
}

function Reason({ reason, onReason }: { reason: string; onReason: (text: string) => void }) {
  return (
    <TextField
      label="Reason"
      hint="For the agent's log and the audit log"
      value={reason}
      maxLength={1000}
      onValue={onReason}
    />
  );
}

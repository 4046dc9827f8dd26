import { type FormEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { ApiError } from "../api/fetchJson";
import { HostileText } from "../text/HostileText";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";
import { ErrorBox } from "./states";

/** A form in a modal: fields, what went wrong, and one verb. */
export function FormDialog({
  title,
  verb,
  danger = false,
  busy = false,
  blocked = false,
  error,
  failed,
  wide = false,
  onSubmit,
  onClose,
  children,
}: {
  title: ReactNode;
  verb: string;
  danger?: boolean;
  busy?: boolean;
  /** The form cannot be sent as it stands. */
  blocked?: boolean;
  error?: Error | null;
  /** What did not happen, when there is an error. */
  failed: string;
  wide?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  // After the dialog has opened: it gives the focus to its first button itself.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>(".form-body :is(input:not([type=checkbox]), textarea)")?.focus();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && !blocked) onSubmit();
  };
  return (
    <Dialog
      label={typeof title === "string" ? title : verb}
      className={wide ? "form wide" : "form"}
      onClose={onClose}
    >
      <form ref={form} onSubmit={submit}>
        <header className="dialog-head">
          <h2>{title}</h2>
          <span className="sp" />
          <button type="button" className="btn q" onClick={onClose} aria-label="Close">
            <Icon name="x" />
          </button>
        </header>
        <div className="form-body">
          {children}
          {error && <ErrorBox what={failed} error={error} />}
        </div>
        <footer className="form-acts">
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={danger ? "btn d" : "btn p"} disabled={busy || blocked}>
            {verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** A labelled control; `of` names the request's field, whose violation stands under it. */
export function Field({
  label,
  hint,
  of = "",
  error,
  children,
}: {
  label: string;
  hint?: ReactNode;
  of?: string;
  error?: Error | null | undefined;
  children: (id: string, described: string) => ReactNode;
}) {
  const id = useId();
  const wrong = violation(error, of);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id, `${id}-hint`)}
      <p id={`${id}-hint`} className={wrong ? "bad" : "t3"}>
        {wrong ? <HostileText text={wrong} /> : hint}
      </p>
    </div>
  );
}

function violation(error: Error | null | undefined, field: string): string {
  if (!(error instanceof ApiError) || !field) return "";
  return error.violations.find((each) => each.field === field)?.description ?? "";
}

/** Some of a few, each with a box. */
export function Choices<T extends string>({
  legend,
  choices,
  chosen,
  hint,
  onChoose,
}: {
  legend: string;
  choices: readonly { value: T; label: string; hint?: string }[];
  chosen: readonly T[];
  hint?: ReactNode;
  onChoose: (chosen: T[]) => void;
}) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      <div>
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="checkbox"
              checked={chosen.includes(choice.value)}
              onChange={(event) =>
                onChoose(
                  event.target.checked
                    ? [...chosen, choice.value]
                    : chosen.filter((each) => each !== choice.value),
                )
              }
            />
            <span>
              {choice.label}
              {choice.hint && <span className="t3">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      {hint && <p className="t3">{hint}</p>}
    </fieldset>
  );
}

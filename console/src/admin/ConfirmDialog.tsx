import { type ReactNode, useState } from "react";
import { Field, FormDialog } from "../parts/FormDialog";
import { HostileText } from "../text/HostileText";

/** Asks for the name of what goes, so that a slip does not take the wrong one. */
export function ConfirmDialog({
  verb,
  name,
  typed = false,
  busy,
  error,
  onConfirm,
  onClose,
  children,
}: {
  /** What happens: `Delete user`. */
  verb: string;
  name: string;
  /** Whether the name has to be typed. */
  typed?: boolean;
  busy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const [text, setText] = useState("");
  return (
    <FormDialog
      title={verb}
      verb={verb}
      danger
      busy={busy}
      blocked={typed && text !== name}
      error={error}
      failed="Nothing was changed."
      onSubmit={onConfirm}
      onClose={onClose}
    >
      <p className="confirm-name b">
        <HostileText text={name} />
      </p>
      <div className="t2">{children}</div>
      {typed && (
        <Field label="Type its name" hint="Exactly as it stands above.">
          {(id, described) => (
            <input
              id={id}
              className="m"
              aria-describedby={described}
              value={text}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  );
}

import { type ReactNode, useState } from "react";
import { FormDialog } from "../parts/FormDialog";
import { TextField } from "../parts/TextField";
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
        <TextField
          label="Type its name"
          hint="Exactly as it stands above."
          exact
          value={text}
          onValue={setText}
        />
      )}
    </FormDialog>
  );
}

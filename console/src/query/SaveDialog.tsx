import { useState } from "react";
import type { SavedFilter } from "../api/savedFilters";
import { FormDialog } from "../parts/FormDialog";
import { TextField } from "../parts/TextField";
import { HostileText } from "../text/HostileText";

/** Names a query, says whether everybody sees it, or takes it away. */
export default function SaveDialog({
  filter,
  query,
  taken,
  busy,
  error,
  onSave,
  onDelete,
  onClose,
}: {
  /** The one to change, null for a new one. */
  filter: SavedFilter | null;
  query: string;
  taken: (name: string) => boolean;
  busy: boolean;
  error: Error | null;
  onSave: (said: { name: string; shared: boolean }) => void;
  onDelete: () => void;
  onClose: () => void;
}) {
  const [name, setName] = useState(filter?.name ?? "");
  const [shared, setShared] = useState(filter?.shared ?? false);
  const [sure, setSure] = useState(false);
  const twice = taken(name.trim());
  return (
    <FormDialog
      title={filter ? "Saved filter" : "Save filter"}
      verb="Save filter"
      busy={busy}
      blocked={name.trim() === "" || twice}
      error={error}
      failed="Nothing was changed."
      onSubmit={() => onSave({ name: name.trim(), shared })}
      onClose={onClose}
    >
      <TextField
        label="Name"
        of="name"
        error={error}
        hint={twice ? "You have a filter of this name already." : ""}
        wrong={twice}
        value={name}
        maxLength={200}
        required
        onValue={setName}
      />
      <p className="m confirm-name">
        <HostileText text={query || "All alerts"} />
      </p>
      <label className="check">
        <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
        <span>
          Shared
          <span className="t3">Everybody in this tenant sees it; you and admins may change it</span>
        </span>
      </label>
      {filter && (
        <div>
          <button
            type="button"
            className="btn d"
            disabled={busy}
            onClick={() => (sure ? onDelete() : setSure(true))}
          >
            {sure ? "Delete it, for everybody who uses it" : "Delete filter"}
          </button>
        </div>
      )}
    </FormDialog>
  );
}

import { Key } from "../parts/Key";
import { undo, useUndoable } from "./useTriage";

/** Ten seconds to take the last change back. */
export function UndoBar({ onUndo = undo }: { onUndo?: () => void }) {
  const last = useUndoable();
  return (
    <div className="undo-region" role="status" aria-live="polite">
      {last && (
        <div className="toast">
          {last.words}
          <button type="button" className="btn" onClick={onUndo}>
            Undo
            <Key name="z" />
          </button>
        </div>
      )}
    </div>
  );
}

import { type KeyboardEvent, useRef, useState } from "react";
import type { AlertRow } from "../api/wire";
import { typing } from "../app/keys";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { plural } from "../parts/numbers";
import { HostileText } from "../text/HostileText";
import { DECISIONS, type Decision, REASONS, VERDICT_NAME } from "./verdicts";

export type Asked = { what: Decision | "any" | "note"; rows: readonly AlertRow[] };

/** The reason that Enter repeats, for each verdict. */
const last: Partial<Record<Decision, number>> = {};
const LONGEST_COMMENT = 3900;

interface Props {
  asked: Asked;
  onClose: () => void;
  onDecide: (verdict: Decision, comment: string) => void;
  onNote: (text: string) => void;
}

/** Asks one reason, by key 1 to 5 or Enter for the last one, and whatever else there is to say. */
export function VerdictDialog({ asked, onClose, onDecide, onNote }: Props) {
  const [verdict, setVerdict] = useState<Decision | null>(
    asked.what === "any" || asked.what === "note" ? null : asked.what,
  );
  const [comment, setComment] = useState("");
  const done = useRef(false);
  const decide = (reason: number) => {
    if (!verdict || done.current) return;
    done.current = true;
    last[verdict] = reason;
    const words = REASONS[verdict][reason] ?? "";
    onDecide(verdict, comment.trim() ? `${words}\n${comment.trim()}` : words);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const other = DECISIONS.find((each) => each.key === event.key.toUpperCase());
    const reason = Number(event.key) - 1;
    if (other && asked.what !== "note") setVerdict(other.verdict);
    else if (verdict && reason >= 0 && reason < 5) decide(reason);
    else if (event.key === "Enter" && verdict && event.target === event.currentTarget) {
      decide(last[verdict] ?? 0);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const name = asked.what === "note" ? "Note" : verdict ? VERDICT_NAME[verdict] : "Decide";
  const [first, ...more] = asked.rows;
  return (
    <Dialog label={name} className="verdict" onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole dialog */}
      <div
        className="verdict-body"
        onKeyDown={keys}
        tabIndex={-1}
        ref={asked.what === "note" ? undefined : focused}
      >
        <header className="dialog-head">
          <h2>{name}</h2>
          <span className="sp" />
          <button type="button" className="btn q" onClick={onClose} aria-label="Close">
            <Icon name="x" />
          </button>
        </header>
        <p className="t2 verdict-of">
          {more.length === 0 && first ? (
            <HostileText text={first.title} />
          ) : (
            plural(asked.rows.length, "alert")
          )}
        </p>
        {asked.what === "any" && (
          <div className="verdict-any">
            {DECISIONS.map((each) => (
              <button
                key={each.verdict}
                type="button"
                className="btn"
                aria-pressed={verdict === each.verdict}
                onClick={() => setVerdict(each.verdict)}
              >
                {VERDICT_NAME[each.verdict]}
                <kbd>{each.key}</kbd>
              </button>
            ))}
          </div>
        )}
        {verdict && (
          <ol className="reasons" aria-label="Reason">
            {REASONS[verdict].map((reason, at) => (
              <li key={reason}>
                <button type="button" className="btn" onClick={() => decide(at)}>
                  <kbd>{at + 1}</kbd>
                  {reason}
                  <span className="sp" />
                  {(last[verdict] ?? 0) === at && <kbd>↵</kbd>}
                </button>
              </li>
            ))}
          </ol>
        )}
        <label className="verdict-comment">
          <span className="t3">{asked.what === "note" ? "Note" : "Comment, optional"}</span>
          <textarea
            rows={asked.what === "note" ? 4 : 2}
            maxLength={LONGEST_COMMENT}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
            ref={asked.what === "note" ? focused : undefined}
          />
        </label>
        {asked.what === "note" && (
          <div className="dialog-acts">
            <button
              type="button"
              className="btn p"
              disabled={comment.trim() === ""}
              onClick={() => onNote(comment.trim())}
            >
              Keep the note
            </button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

/** After the dialog has opened: it gives the focus to its first button itself. */
function focused(element: HTMLElement | null) {
  if (element) requestAnimationFrame(() => element.focus());
}

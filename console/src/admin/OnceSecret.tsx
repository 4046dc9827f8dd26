import { type ReactNode, useId } from "react";
import { copy } from "../app/copy";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";

/** A secret that is in one answer and never again. It leaves with the dialog. */
export function OnceSecret({
  title,
  name,
  secret,
  onClose,
  children,
}: {
  title: string;
  /** What it is: `Password`, `Key`, `Token`. */
  name: string;
  secret: string;
  onClose: () => void;
  children?: ReactNode;
}) {
  return (
    <Dialog label={title} className="form wide" onClose={onClose}>
      <header className="dialog-head">
        <h2>{title}</h2>
      </header>
      <div className="form-body">
        <CopyLine label={name} text={secret} />
        <p className="warn-text once">
          <Icon name="warn" />
          Shown this once. Tidewatch keeps a hash of it and cannot show it again.
        </p>
        {children}
      </div>
      <footer className="form-acts">
        <button type="button" className="btn p" onClick={onClose}>
          I have kept it
        </button>
      </footer>
    </Dialog>
  );
}

/** One line to copy, whole. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="copy-line">
        <input
          id={id}
          className="m"
          readOnly
          value={text}
          spellCheck={false}
          autoComplete="off"
          onFocus={(event) => event.target.select()}
        />
        <button
          type="button"
          className="btn"
          aria-label={`Copy ${label.toLowerCase()}`}
          onClick={() => copy(text, label)}
        >
          <Icon name="copy" />
          Copy
        </button>
      </div>
    </div>
  );
}

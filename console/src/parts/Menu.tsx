import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Icon } from "./Icon";

export interface Choice<T> {
  value: T;
  label: ReactNode;
}

/** A button that opens a list of choices under it. */
export function Menu<T extends string>({
  label,
  choices,
  value,
  onChoose,
  children,
  className = "",
  extra,
}: {
  /** What is being chosen, for people who hear the page. */
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
  children: ReactNode;
  className?: string;
  extra?: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const chosen = popup.current?.querySelector<HTMLElement>('[aria-checked="true"]');
    (chosen ?? popup.current?.querySelector<HTMLElement>("[role=menuitemradio]"))?.focus();
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!popup.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    window.addEventListener("pointerdown", outside);
    return () => window.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const items = [...(popup.current?.querySelectorAll<HTMLElement>("[role=menuitemradio]") ?? [])];
      const at = items.indexOf(document.activeElement as HTMLElement);
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="menu-anchor">
      <button
        ref={button}
        type="button"
        className={`btn ${className}`}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {children}
        <Icon name="down" />
      </button>
      {open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble from the items
        <div className="menu" ref={popup} onKeyDown={keys}>
          <div id={id} role="menu" aria-label={label}>
            {choices.map((choice) => (
              <button
                key={choice.value}
                type="button"
                role="menuitemradio"
                aria-checked={choice.value === value}
                tabIndex={-1}
                onClick={() => {
                  onChoose(choice.value);
                  close();
                }}
              >
                <span className="tick">{choice.value === value && <Icon name="ok" />}</span>
                {choice.label}
              </button>
            ))}
          </div>
          {extra?.(close)}
        </div>
      )}
    </div>
  );
}

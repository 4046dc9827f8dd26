import type { KeyboardEvent } from "react";
import { whole } from "./numbers";

interface Tab<T> {
  value: T;
  label: string;
  count?: number | undefined;
}

/** A tab list; arrows move between tabs, the panel has the id `panel-<value>`. */
export function Tabs<T extends string>({
  label,
  tabs,
  value,
  onValue,
}: {
  label: string;
  tabs: readonly Tab<T>[];
  value: T;
  onValue: (value: T) => void;
}) {
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const at = tabs.findIndex((tab) => tab.value === value);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onValue(next.value);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next.value}`)?.focus();
  };
  return (
    <div className="tbs" role="tablist" aria-label={label} onKeyDown={keys}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          id={`tab-${tab.value}`}
          type="button"
          role="tab"
          aria-selected={tab.value === value}
          aria-controls={tab.value === value ? `panel-${tab.value}` : undefined}
          tabIndex={tab.value === value ? 0 : -1}
          onClick={() => onValue(tab.value)}
        >
          {tab.label} {tab.count !== undefined && <b>{whole(tab.count)}</b>}
        </button>
      ))}
    </div>
  );
}

import type { ReactNode } from "react";
import { keyOf } from "../app/keymap";
import { useSettings } from "../app/settings";

/** A key as it is now: remapped, or not shown while single keys are off. */
export function Key({ name }: { name: string }) {
  const { keymap, singleKeys } = useSettings();
  if (!singleKeys) return null;
  return <kbd>{keyOf(name, keymap).toUpperCase()}</kbd>;
}

/** What a key does, or several: a letter each. */
export function KeyHint({ keys, children }: { keys: string; children: ReactNode }) {
  return (
    <span>
      {[...keys].map((name) => (
        <Key key={name} name={name} />
      ))}
      {children}
    </span>
  );
}

import { useSyncExternalStore } from "react";
import type { Zone } from "../time/format";
import { type Keymap, readKeymap } from "./keymap";

/** Height of a row in a list, in pixels. */
export const ROW_PX = { compact: 28, normal: 32, roomy: 40 } as const;
export type Density = keyof typeof ROW_PX;

/** What one person prefers in this browser. Nothing secret, nothing about alerts. */
export interface Settings {
  theme: "system" | "dark" | "light";
  density: Density;
  zone: Zone;
  /** Keys without Ctrl or Alt; WCAG 2.1.4 asks that they can be switched off. */
  singleKeys: boolean;
  keymap: Keymap;
}

const KEYS = {
  theme: "tidewatch.theme",
  density: "tidewatch.density",
  zone: "tidewatch.zone",
  singleKeys: "tidewatch.keys",
  keymap: "tidewatch.keymap",
};

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
}

function read(): Settings {
  const theme = stored(KEYS.theme);
  const density = stored(KEYS.density);
  return {
    theme: theme === "dark" || theme === "light" ? theme : "system",
    density: density === "compact" || density === "roomy" ? density : "normal",
    zone: stored(KEYS.zone) === "local" ? "local" : "utc",
    singleKeys: stored(KEYS.singleKeys) !== "off",
    keymap: readKeymap(stored(KEYS.keymap)),
  };
}

let current = read();
const listeners = new Set<() => void>();

export function changeSettings(change: Partial<Settings>) {
  current = { ...current, ...change };
  store(KEYS.theme, current.theme);
  store(KEYS.density, current.density);
  store(KEYS.zone, current.zone);
  store(KEYS.singleKeys, current.singleKeys ? "on" : "off");
  store(KEYS.keymap, JSON.stringify(current.keymap));
  apply();
  for (const listener of listeners) listener();
}

export function currentSettings(): Settings {
  return current;
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, currentSettings);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function apply() {
  const root = document.documentElement;
  if (current.theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = current.theme;
  root.dataset["density"] = current.density;
}

/** Dark or light, as it is on the screen now. */
export function shownTheme(): "dark" | "light" {
  if (current.theme !== "system") return current.theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

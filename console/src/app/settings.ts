import { useSyncExternalStore } from "react";
import type { Zone } from "../time/format";

/** What one person prefers in this browser. Nothing secret, nothing about alerts. */
export interface Settings {
  theme: "system" | "dark" | "light";
  zone: Zone;
  /** Keys without Ctrl or Alt; WCAG 2.1.4 asks that they can be switched off. */
  singleKeys: boolean;
}

const KEYS = { theme: "tidewatch.theme", zone: "tidewatch.zone", singleKeys: "tidewatch.keys" };

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
  return {
    theme: theme === "dark" || theme === "light" ? theme : "system",
    zone: stored(KEYS.zone) === "local" ? "local" : "utc",
    singleKeys: stored(KEYS.singleKeys) !== "off",
  };
}

let current = read();
const listeners = new Set<() => void>();

export function changeSettings(change: Partial<Settings>) {
  current = { ...current, ...change };
  store(KEYS.theme, current.theme);
  store(KEYS.zone, current.zone);
  store(KEYS.singleKeys, current.singleKeys ? "on" : "off");
  applyTheme();
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

function applyTheme() {
  const root = document.documentElement;
  if (current.theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = current.theme;
}

/** Dark or light, as it is on the screen now. */
export function shownTheme(): "dark" | "light" {
  if (current.theme !== "system") return current.theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

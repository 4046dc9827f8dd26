import { useEffect, useRef } from "react";
import { actionOf } from "./keymap";
import { currentSettings } from "./settings";

/** Key name (`j`, `?`, `Enter`, `Ctrl+k`, `g a`) to what it does. */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE_MS = 1500;

/** A `g` that waits for the key behind it. Several listeners see that key; it counts once. */
let prefix: { at: number; usedAt: number } | null = null;

function followsG(event: KeyboardEvent): boolean {
  if (!prefix || event.timeStamp === prefix.at) return false;
  if (prefix.usedAt === 0) prefix.usedAt = event.timeStamp;
  return prefix.usedAt === event.timeStamp && event.timeStamp - prefix.at < SEQUENCE_MS;
}

/** Listens while the component is mounted. Keys never act inside text fields or behind a dialog. */
export function useKeys(map: KeyMap) {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => dispatch(event, latest.current);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function dispatch(event: KeyboardEvent, map: KeyMap) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const modified = event.ctrlKey || event.metaKey;
  if (!modified && (typing(event.target) || (!currentSettings().singleKeys && event.key.length === 1)))
    return;
  if (document.querySelector("dialog[open]")) return;
  const name = modified
    ? `Ctrl+${event.key.toLowerCase()}`
    : event.key.length === 1
      ? event.key.toLowerCase()
      : event.key;
  const sequence = followsG(event);
  if (name === "g" && !sequence) {
    prefix = { at: event.timeStamp, usedAt: 0 };
    return;
  }
  const action = map[sequence ? `g ${name}` : modified ? name : actionOf(name, currentSettings().keymap)];
  if (!action) return;
  // A button or link that has the focus keeps Enter and Space for itself.
  if (
    (name === "Enter" || name === " ") &&
    event.target instanceof Element &&
    event.target.closest("a,button,summary,[role=tab]")
  )
    return;
  event.preventDefault();
  action(event);
}

export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

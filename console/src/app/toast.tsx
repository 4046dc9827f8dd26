import { useSyncExternalStore } from "react";

let message = "";
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(text: string) {
  message = text;
  for (const listener of listeners) listener();
}

/** Says something for four seconds, politely. */
export function toast(text: string) {
  clearTimeout(timer);
  set(text);
  timer = setTimeout(() => set(""), 4000);
}

export function ToastRegion() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
  return (
    <div className="toast-region" role="status" aria-live="polite">
      {text && <div className="toast">{text}</div>}
    </div>
  );
}

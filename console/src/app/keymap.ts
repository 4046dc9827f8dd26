/** Keys without Ctrl that do something at once, by the letter they have unless remapped. */
export const SINGLE_KEYS: readonly { key: string; what: string }[] = [
  { key: "j", what: "next alert" },
  { key: "k", what: "previous alert" },
  { key: "x", what: "choose the alert" },
  { key: "t", what: "true positive" },
  { key: "f", what: "false positive" },
  { key: "b", what: "benign" },
  { key: "d", what: "decide" },
  { key: "a", what: "assign to me" },
  { key: "n", what: "note" },
  { key: "z", what: "take back" },
  { key: ".", what: "show new alerts" },
  { key: "p", what: "pause or go on" },
  { key: "/", what: "query" },
  { key: "y", what: "copy a link" },
  { key: "w", what: "open the rule" },
  { key: "e", what: "edit the rule" },
  { key: "?", what: "all keys" },
];

/** Action's own key to the key that it has instead. */
export type Keymap = Readonly<Record<string, string>>;

const own = new Set(SINGLE_KEYS.map(({ key }) => key));

/** The key that an action has now. */
export const keyOf = (action: string, map: Keymap): string => map[action] ?? action;

/** The action, by its own key, that a pressed key stands for; empty for none. */
export function actionOf(pressed: string, map: Keymap): string {
  const moved = Object.keys(map).find((action) => map[action] === pressed);
  if (moved) return moved;
  return own.has(pressed) && keyOf(pressed, map) !== pressed ? "" : pressed;
}

/** Why an action cannot have a key; empty when it can. */
export function refusal(action: string, key: string, map: Keymap): string {
  if (!/^[!-~]$/.test(key)) return "One letter or sign of an ordinary keyboard.";
  if (key === "g") return "G begins the keys that go to a page.";
  if (/\d/.test(key)) return "Digits choose tabs and reasons.";
  const other = SINGLE_KEYS.find((each) => each.key !== action && keyOf(each.key, map) === key);
  return other ? `${key.toUpperCase()} is "${other.what}" already.` : "";
}

/** What was stored, without anything that is not a key of an action, or clashes. */
export function readKeymap(text: string | null): Keymap {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
  if (typeof stored !== "object" || stored === null) return {};
  const pairs = Object.entries(stored).filter(
    (pair): pair is [string, string] =>
      own.has(pair[0]) && typeof pair[1] === "string" && pair[0] !== pair[1],
  );
  const map = Object.fromEntries(pairs);
  return pairs.every(([action, key]) => refusal(action, key, map) === "") ? map : {};
}

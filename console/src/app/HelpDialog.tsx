import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { type Keymap, keyOf } from "./keymap";
import { changeSettings, useSettings } from "./settings";

const GROUPS: [string, [string[], string][]][] = [
  [
    "Queue",
    [
      [["J", "K"], "next, previous alert"],
      [["Enter"], "open the alert"],
      [["X"], "choose; Shift J, K choose more"],
      [["T", "F", "B"], "true, false positive, benign"],
      [["A"], "assign to me"],
      [["N"], "note"],
      [["Z"], "take back, within 10 s"],
      [["."], "show new alerts"],
      [["P"], "pause or go on"],
      [["/"], "query"],
      [["Y"], "copy a link"],
      [["Esc"], "close the preview"],
    ],
  ],
  [
    "Alert",
    [
      [["J", "K"], "next, previous alert"],
      [["1", "2", "3", "4"], "summary, timeline, raw event, rule"],
      [["D", "T", "F", "B"], "decide"],
      [["A", "N", "Z"], "assign to me, note, take back"],
      [["W"], "open the rule"],
      [["Y"], "copy a link"],
      [["Esc"], "back to the queue"],
    ],
  ],
  [
    "Rule",
    [
      [["J", "K"], "next, previous rule"],
      [["E"], "edit"],
      [["/"], "search"],
      [["Ctrl Enter"], "workbench: run the tests"],
      [["F8"], "workbench: next problem"],
      [["Alt Enter"], "workbench: apply the fix"],
      [["Esc"], "back"],
    ],
  ],
  [
    "Anywhere",
    [
      [["Ctrl K"], "search or run a command"],
      [["G", "A"], "alerts"],
      [["G", "R"], "rules"],
      [["G", "O"], "coverage"],
      [["G", "P"], "pipeline"],
      [["G", "M"], "administration"],
      [["G", "U"], "audit"],
      [["G", "S"], "your settings"],
      [["G", "T"], "dark or light"],
      [["?"], "these keys"],
    ],
  ],
];

function shown(name: string, keymap: Keymap): string {
  return name.length === 1 ? keyOf(name.toLowerCase(), keymap).toUpperCase() : name;
}

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const { singleKeys, theme, keymap } = useSettings();
  return (
    <Dialog label="Keys and settings" className="help" onClose={onClose}>
      <header className="dialog-head">
        <h2>Keys</h2>
        <span className="sp" />
        <button type="button" className="btn q" onClick={onClose} aria-label="Close">
          <Icon name="x" />
        </button>
      </header>
      <div className="help-keys">
        {GROUPS.map(([group, keys]) => (
          <section key={group}>
            <h3 className="h">{group}</h3>
            <dl>
              {keys.map(([names, what]) => (
                <div key={what}>
                  <dt>
                    {names.map((name) => (
                      <kbd key={name}>{names[0] === "G" ? name : shown(name, keymap)}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <footer className="help-settings">
        <label>
          <input
            type="checkbox"
            checked={singleKeys}
            onChange={(event) => changeSettings({ singleKeys: event.target.checked })}
          />
          Single keys act (without Ctrl)
        </label>
        <span className="sp" />
        <label>
          Theme{" "}
          <select
            value={theme}
            onChange={(event) => changeSettings({ theme: event.target.value as typeof theme })}
          >
            <option value="system">System</option>
            <option value="dark">Dark</option>
            <option value="light">Light</option>
          </select>
        </label>
      </footer>
    </Dialog>
  );
}

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { changePassword } from "../api/access";
import { ApiError } from "../api/fetchJson";
import { signOut } from "../api/session";
import { keyOf, refusal, SINGLE_KEYS } from "../app/keymap";
import { NewPassword, newPasswordProblem } from "../app/NewPassword";
import { changeSettings, type Density, type Settings, useSettings } from "../app/settings";
import { toast } from "../app/toast";
import { useSession } from "../app/useSession";
import { ErrorBox } from "../parts/states";
import { HostileText } from "../text/HostileText";

/** What one person prefers in this browser, and who they are here. */
export default function SettingsPage() {
  return (
    <main className="pg settings">
      <header className="vw">
        <h1 className="page-title">Settings</h1>
        <span className="t3">Yours, in this browser</span>
      </header>
      <div className="settings-body" tabIndex={0} role="region" aria-label="Settings">
        <Look />
        <Account />
        <OwnPassword />
        <Keys />
      </div>
      <footer className="ft">
        <span>Nothing of this leaves the browser; nothing secret is stored</span>
      </footer>
    </main>
  );
}

const THEMES: [Settings["theme"], string][] = [
  ["system", "As the system"],
  ["dark", "Dark"],
  ["light", "Light"],
];
const DENSITIES: [Density, string][] = [
  ["compact", "Compact, 28 px"],
  ["normal", "Normal, 32 px"],
  ["roomy", "Roomy, 40 px"],
];
const ZONES: [Settings["zone"], string][] = [
  ["utc", "UTC"],
  ["local", "This computer's"],
];

function Look() {
  const { theme, density, zone } = useSettings();
  return (
    <section className="panel">
      <h2 className="h">Look</h2>
      <OneOf
        legend="Theme"
        choices={THEMES}
        value={theme}
        onChoose={(next) => changeSettings({ theme: next })}
      />
      <OneOf
        legend="Rows"
        choices={DENSITIES}
        value={density}
        onChoose={(next) => changeSettings({ density: next })}
      />
      <OneOf
        legend="Time zone"
        choices={ZONES}
        value={zone}
        onChoose={(next) => changeSettings({ zone: next })}
      />
    </section>
  );
}

function OneOf<T extends string>({
  legend,
  choices,
  value,
  onChoose,
}: {
  legend: string;
  choices: readonly [T, string][];
  value: T;
  onChoose: (value: T) => void;
}) {
  return (
    <fieldset className="one-of">
      <legend>{legend}</legend>
      {choices.map(([each, label]) => (
        <label key={each}>
          <input type="radio" name={legend} checked={each === value} onChange={() => onChoose(each)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function Account() {
  const session = useSession();
  return (
    <section className="panel">
      <h2 className="h">Account</h2>
      <dl className="facts">
        <div>
          <dt>Signed in as</dt>
          <dd className="m">{session ? <HostileText text={session.actor} /> : "unknown"}</dd>
        </div>
        <div>
          <dt>Roles</dt>
          <dd>{session?.roles?.length ? <HostileText text={session.roles.join(", ")} /> : "–"}</dd>
        </div>
      </dl>
      {session?.csrf ? (
        <button
          type="button"
          className="btn"
          onClick={() => signOut().catch((error: Error) => toast(error.message))}
        >
          Sign out of this browser
        </button>
      ) : (
        <p className="t3">
          Without a session: this server does not ask who calls, so there is nothing to end.
        </p>
      )}
    </section>
  );
}

/** Only who signed in with a password here has one. */
function OwnPassword() {
  const session = useSession();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [round, setRound] = useState(0);
  const [problem, setProblem] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword(old, next),
    onSuccess: () => {
      setOld("");
      setRound(round + 1);
      toast("Password changed. Your other sessions have ended");
    },
  });
  if (!session?.csrf || !/^user:(?!oidc:)/.test(session.actor)) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.reset();
    const wrong = newPasswordProblem(next, old);
    setProblem(wrong);
    if (!wrong) change.mutate();
  };
  const denied = change.error instanceof ApiError && change.error.code === "PERMISSION_DENIED";
  return (
    <section className="panel">
      <h2 className="h">Password</h2>
      <form className="password-form" onSubmit={submit}>
        <label htmlFor="old-password">Password now</label>
        <input
          id="old-password"
          type="password"
          autoComplete="current-password"
          maxLength={128}
          required
          value={old}
          onChange={(event) => setOld(event.target.value)}
        />
        <NewPassword key={round} onValue={setNext} />
        <p className="bad" role="alert">
          {problem || (denied && "That is not your password now.")}
        </p>
        {change.error && !denied && <ErrorBox what="The password was not changed." error={change.error} />}
        <button type="submit" className="btn" disabled={change.isPending}>
          Change password
        </button>
      </form>
    </section>
  );
}

function Keys() {
  const { singleKeys, keymap } = useSettings();
  const changed = Object.keys(keymap).length > 0;
  return (
    <section className="panel keys-panel">
      <h2 className="h">
        Keys <span className="t3">without Ctrl, outside text fields</span>
        <span className="sp" />
        <button
          type="button"
          className="btn"
          disabled={!changed}
          onClick={() => changeSettings({ keymap: {} })}
        >
          Back to the first keys
        </button>
      </h2>
      <label className="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => changeSettings({ singleKeys: event.target.checked })}
        />
        <span>
          Single keys act
          <span className="t3">Off, only keys with Ctrl, arrows, Enter and Esc do</span>
        </span>
      </label>
      <ul className="key-list">
        {SINGLE_KEYS.map(({ key, what }) => (
          <KeyChoice key={key} action={key} what={what} />
        ))}
      </ul>
    </section>
  );
}

/** Waits for a key once it is pressed itself; Esc leaves it as it was. */
function KeyChoice({ action, what }: { action: string; what: string }) {
  const { keymap, singleKeys } = useSettings();
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState("");
  const now = keyOf(action, keymap);
  const take = (event: KeyboardEvent) => {
    if (!waiting || event.key === "Tab" || event.key === "Shift") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return stop();
    const key = event.key.toLowerCase();
    const why =
      event.ctrlKey || event.metaKey || event.altKey ? "Without Ctrl or Alt." : refusal(action, key, keymap);
    if (why) return setProblem(why);
    const { [action]: _, ...others } = keymap;
    changeSettings({ keymap: key === action ? others : { ...others, [action]: key } });
    stop();
  };
  const stop = () => {
    setWaiting(false);
    setProblem("");
  };
  return (
    <li className={now === action ? "" : "moved"}>
      <span className="el">{what}</span>
      <button
        type="button"
        className="btn"
        disabled={!singleKeys}
        aria-pressed={waiting}
        aria-label={`Key for ${what}: ${waiting ? "press a key" : now.toUpperCase()}`}
        onClick={() => (waiting ? stop() : setWaiting(true))}
        onKeyDown={take}
        onBlur={stop}
      >
        {waiting ? "Press a key" : <kbd>{now.toUpperCase()}</kbd>}
      </button>
      {problem && (
        <span className="bad" role="alert">
          {problem}
        </span>
      )}
    </li>
  );
}

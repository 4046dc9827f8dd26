import { type FormEvent, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { OIDC_URL, PasswordMustChange, type Session, signIn, signInWays, type Ways } from "../api/session";
import { Wave } from "../parts/Icon";
import { HostileText } from "../text/HostileText";
import { NewPassword, newPasswordProblem } from "./NewPassword";
import { routes } from "./routes";

/** Why the issuer sent somebody back without a session. */
const ISSUER_FAILURES: Record<string, string> = {
  state: "That sign-in was not begun in this browser, or over ten minutes ago. Begin again.",
  issuer: "The identity provider did not let you in, or cannot be reached.",
  token: "What the identity provider says cannot be trusted. Tell your administrator.",
  access: "You have no role here, or are disabled. Ask your administrator for one.",
};

/** From the address with which this page was loaded: the issuer leads back to `/`, which leads on. */
let failed = new URLSearchParams(window.location.search).get("sign-in-failed") ?? "";

/** What is shown instead of the pages while the control API does not know who asks. */
export function SignIn() {
  const [ways, setWays] = useState<Ways | null>(null);
  useEffect(() => {
    document.title = "Sign in · Tidewatch";
    let shown = true;
    signInWays().then((known) => shown && setWays(known));
    return () => {
      shown = false;
    };
  }, []);
  return (
    <main className="signin">
      <div className="signin-box">
        <h1>
          <Wave />
          Tidewatch
        </h1>
        {failed && (
          <p className="bad" role="alert">
            {ISSUER_FAILURES[failed] ?? "The sign-in failed."}
          </p>
        )}
        {ways?.oidc && (
          <a className={ways.local ? "btn" : "btn p"} href={OIDC_URL}>
            <span className="el">
              Sign in with <HostileText text={ways.oidc.name || "the identity provider"} />
            </span>
          </a>
        )}
        {ways?.oidc && ways.local && <p className="t3 signin-or">or</p>}
        {ways?.local !== false && <LocalForm />}
      </div>
    </main>
  );
}

function LocalForm() {
  const arrive = useArrival();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [next, setNext] = useState("");
  const [mustChange, setMustChange] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = mustChange ? newPasswordProblem(next, password) : "";
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      await signIn({ user, password, newPassword: mustChange ? next : "" }, arrive);
    } catch (error) {
      if (error instanceof PasswordMustChange) setMustChange(true);
      else setProblem(error instanceof Error ? error.message : "Sign-in failed.");
      setBusy(false);
    }
  };

  return (
    <form onSubmit={submit}>
      <label htmlFor="signin-user">User</label>
      <input
        id="signin-user"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby="signin-hint"
        maxLength={300}
        required
        readOnly={mustChange}
        value={user}
        onChange={(event) => setUser(event.target.value)}
      />
      <label htmlFor="signin-password">Password</label>
      <input
        id="signin-password"
        type="password"
        autoComplete="current-password"
        maxLength={128}
        required
        readOnly={mustChange}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {mustChange && (
        <>
          <p role="status">This password was for the first sign-in. Choose the one that you will use.</p>
          <NewPassword onValue={setNext} focus />
        </>
      )}
      <p className="bad" role="alert">
        {problem}
      </p>
      <button type="submit" className="btn p" disabled={busy}>
        {busy ? "Signing in" : mustChange ? "Change and sign in" : "Sign in"}
      </button>
      <p className="t3" id="signin-hint">
        Users of a tenant sign in as name@tenant, operators with their name alone.
      </p>
    </form>
  );
}

/** An operator stays where the address points; everyone else has one tenant. */
function useArrival(): (session: Session) => void {
  const [location, navigate] = useLocation();
  return (session) => {
    failed = "";
    const asked = location.split("/")[2];
    if (!session.operator && asked !== encodeURIComponent(session.tenantId)) {
      navigate(routes.alerts(session.tenantId), { replace: true });
    }
  };
}

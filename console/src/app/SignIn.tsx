import { type FormEvent, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { signIn } from "../api/session";
import { Wave } from "../parts/Icon";
import { routes } from "./routes";

/** What is shown instead of the pages while the control API does not know who asks. */
export function SignIn() {
  const [location, navigate] = useLocation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    document.title = "Sign in · Tidewatch";
  }, []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      await signIn(String(fields.get("user")), String(fields.get("password")), (session) => {
        // An operator stays where the address points; everyone else has one tenant.
        const asked = location.split("/")[2];
        if (!session.operator && asked !== encodeURIComponent(session.tenantId)) {
          navigate(routes.alerts(session.tenantId), { replace: true });
        }
      });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "Sign-in failed.");
      setBusy(false);
    }
  };

  return (
    <main className="signin">
      <form onSubmit={submit}>
        <h1>
          <Wave />
          Tidewatch
        </h1>
        <label htmlFor="signin-user">User</label>
        <input
          id="signin-user"
          name="user"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby="signin-hint"
          required
        />
        <label htmlFor="signin-password">Password</label>
        <input
          id="signin-password"
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={128}
          required
        />
        <p className="bad" role="alert">
          {problem}
        </p>
        <button type="submit" className="btn p" disabled={busy}>
          {busy ? "Signing in" : "Sign in"}
        </button>
        <p className="t3" id="signin-hint">
          Users of a tenant sign in as name@tenant, operators with their name alone.
        </p>
      </form>
    </main>
  );
}

import { useSyncExternalStore } from "react";
import * as v from "valibot";
import { ApiError } from "./fetchJson";

/** Who is signed in, as the control API says. The session itself is a cookie that scripts cannot read. */
const Session = v.object({
  actor: v.optional(v.string(), ""),
  tenantId: v.optional(v.string(), ""),
  operator: v.optional(v.boolean(), false),
  /** Names like `analyst`. */
  roles: v.optional(v.array(v.string())),
  /** Names like `alerts_triage`; absent from a server that does not say. */
  permissions: v.optional(v.array(v.string())),
  csrf: v.optional(v.string(), ""),
});
export type Session = v.InferOutput<typeof Session>;

let signedOut = false;
const listeners = new Set<() => void>();

function change(out: boolean) {
  if (signedOut === out) return;
  signedOut = out;
  for (const listener of listeners) listener();
}

/** The control API does not know the caller (any more). */
export function markSignedOut() {
  change(true);
}

export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => signedOut,
  );
}

let current: Promise<Session | null> | undefined;

/** Who the control API takes the caller for; null when it does not say. Read once. */
export function currentSession(): Promise<Session | null> {
  current ??= readSession()
    .catch(() => null)
    .then((session) => {
      if (!session) current = undefined;
      return session;
    });
  return current;
}

async function readSession(): Promise<Session | null> {
  const response = await fetch("/v1/session", { headers: { accept: "application/json" } });
  if (!response.ok) return null;
  const session = v.safeParse(Session, await json(response));
  return session.success ? session.output : null;
}

/**
 * What a change must carry in `x-tidewatch-csrf` when the caller is a session; empty when the control API asks
 * nobody who calls.
 */
export async function csrfToken(): Promise<string> {
  return (await currentSession())?.csrf ?? "";
}

/** Ends the session; the sign-in form comes. */
export async function signOut(): Promise<void> {
  const token = await csrfToken();
  let response: Response;
  try {
    response = await fetch("/v1/session", {
      method: "DELETE",
      headers: token ? { "x-tidewatch-csrf": token } : {},
    });
  } catch {
    throw new ApiError("NETWORK", "The control API cannot be reached.", 0, "");
  }
  if (!response.ok && response.status !== 401) {
    const words = `You are still signed in: the control API answered HTTP ${response.status}.`;
    throw new ApiError(`HTTP ${response.status}`, words, response.status, "");
  }
  current = undefined;
  change(true);
}

/** Signs in; the pages come back when `done` has run. */
export async function signIn(
  user: string,
  password: string,
  done: (session: Session) => void,
): Promise<void> {
  const response = await request(user, password);
  const body = await json(response);
  if (!response.ok) {
    const failure = v.safeParse(v.object({ message: v.string() }), body);
    const words =
      response.status === 401
        ? "User name or password is wrong."
        : failure.success
          ? failure.output.message
          : `The control API answered HTTP ${response.status}.`;
    throw new ApiError(`HTTP ${response.status}`, words, response.status, "");
  }
  const session = v.safeParse(Session, body);
  if (!session.success)
    throw new ApiError("SHAPE", "The server's answer is not what this page knows.", 422, "");
  current = undefined;
  done(session.output);
  change(false);
}

async function request(user: string, password: string): Promise<Response> {
  try {
    return await fetch("/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ user, password }),
    });
  } catch {
    throw new ApiError("NETWORK", "The control API cannot be reached.", 0, "");
  }
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

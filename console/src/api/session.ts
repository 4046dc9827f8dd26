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

/** How one may sign in. */
const Ways = v.object({
  local: v.optional(v.boolean(), true),
  oidc: v.optional(v.object({ name: v.optional(v.string(), "") })),
});
export type Ways = v.InferOutput<typeof Ways>;

/** Where the browser goes to sign in at the issuer; it comes back signed in, to `/`. */
export const OIDC_URL = "/v1/session/oidc";

/** A server that does not say takes passwords. */
export async function signInWays(): Promise<Ways> {
  try {
    const response = await fetch("/v1/session/ways", { headers: { accept: "application/json" } });
    const ways = v.safeParse(Ways, response.ok ? await json(response) : {});
    if (ways.success) return ways.output;
  } catch {
    // The form says so when it is sent.
  }
  return { local: true };
}

/** The password is right and good for nothing but to be changed. */
export class PasswordMustChange extends Error {}

/**
 * Signs in; the pages come back when `done` has run.
 *
 * @param newPassword what the password shall be from now on; empty to keep it
 * @throws PasswordMustChange when it has to be given
 */
export async function signIn(
  asked: { user: string; password: string; newPassword: string },
  done: (session: Session) => void,
): Promise<void> {
  const response = await request(asked);
  const body = await json(response);
  if (!response.ok) throw refused(response.status, body);
  const session = v.safeParse(Session, body);
  if (!session.success)
    throw new ApiError("SHAPE", "The server's answer is not what this page knows.", 422, "");
  current = undefined;
  done(session.output);
  change(false);
}

const Refusal = v.object({
  message: v.optional(v.string(), ""),
  reason: v.optional(v.string(), ""),
  violations: v.optional(v.array(v.object({ field: v.string(), description: v.string() })), []),
});

function refused(status: number, body: unknown): Error {
  const read = v.safeParse(Refusal, body);
  const said = read.success ? read.output : { message: "", reason: "", violations: [] };
  if (said.reason === "PASSWORD_MUST_CHANGE") return new PasswordMustChange();
  const wrong = said.violations.find((each) => /password/i.test(each.field));
  const words =
    status === 401
      ? "User name or password is wrong."
      : wrong
        ? `The new password ${wrong.description}.`
        : said.message || `The control API answered HTTP ${status}.`;
  return new ApiError(`HTTP ${status}`, words, status, "");
}

async function request(asked: { user: string; password: string; newPassword: string }): Promise<Response> {
  const { newPassword, ...known } = asked;
  try {
    return await fetch("/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(newPassword ? asked : known),
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

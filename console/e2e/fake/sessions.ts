import type { IncomingMessage, ServerResponse } from "node:http";
import { permissionsOf } from "./access.ts";
import { json, posted } from "./exchange.ts";

export const COOKIE = "tidewatch_session=fake.";
export const CSRF = "fake-csrf";
export const UNASKED = "operator:local";

/** The user name in the cookie. */
export function signedIn(request: IncomingMessage): string {
  const found = /tidewatch_session=fake\.([^;]+)/.exec(request.headers.cookie ?? "");
  return found ? decodeURIComponent(found[1] ?? "") : "";
}

function told(user: string) {
  const tenantId = user.split("@")[1] ?? "system";
  const operator = tenantId === "system";
  return { actor: `user:${user}`, tenantId, operator, ...permissionsOf(user, operator), csrf: CSRF };
}

/** Who asks for the tenant sso may sign in at an issuer, one of the hostile tenant at a hostile one. */
export function ways(request: IncomingMessage, response: ServerResponse) {
  const from = request.headers.referer ?? "";
  const name = from.includes("/t/hostile") ? '<img src=x onerror="window.pwned=30">\u202e' : "Example ID";
  const asked = from.includes("/t/sso") || from.includes("/t/hostile");
  json(response, 200, { local: !from.includes("/t/sso-only"), ...(asked && { oidc: { name } }) });
}

/** An issuer that lets everybody in, and back. */
export function issuer(response: ServerResponse) {
  response.writeHead(303, {
    location: "/",
    "set-cookie": `${COOKIE}${encodeURIComponent("oidc:4711@sso")}; Path=/; HttpOnly; SameSite=Strict`,
  });
  response.end();
}

/** Everybody's password is the same, until it is changed. */
export function ownPassword(request: IncomingMessage, response: ServerResponse) {
  if (request.headers["x-tidewatch-csrf"] !== CSRF)
    return json(response, 401, { code: 16, message: "no header" });
  posted(request, (body) => {
    const { oldPassword, newPassword } = body as { oldPassword: string; newPassword: string };
    const user = signedIn(request);
    if (oldPassword !== (changed.get(user) ?? "correct horse battery")) {
      return json(response, 403, { code: 7, message: "old_password is another" });
    }
    changed.set(user, newPassword);
    json(response, 200, {});
  });
}

/** Signed in with their one-time passwords, and have to choose others. */
const changed = new Map<string, string>();

/** POST signs in everyone who knows the password; the tenant is what follows @. GET: nobody is asked. */
export function session(request: IncomingMessage, response: ServerResponse) {
  const user = signedIn(request);
  if (request.method === "DELETE") {
    if (user && request.headers["x-tidewatch-csrf"] !== CSRF) return json(response, 401, { code: 16 });
    response.setHeader("set-cookie", "tidewatch_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    response.writeHead(204);
    return response.end();
  }
  if (request.method !== "POST") {
    return json(response, 200, user ? told(user) : { actor: UNASKED, tenantId: "system", operator: true });
  }
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const {
      user = "",
      password = "",
      newPassword = "",
    } = JSON.parse(body || "{}") as {
      user?: string;
      password?: string;
      newPassword?: string;
    };
    if (password !== (changed.get(user) ?? "correct horse battery")) {
      return json(response, 401, { code: 16, message: "user name or password is wrong" });
    }
    if (user.startsWith("new") && !changed.has(user)) {
      if (!newPassword) {
        const message = "this password must be changed: give newPassword too";
        return json(response, 412, { code: 9, message, reason: "PASSWORD_MUST_CHANGE" });
      }
      if (/password/.test(newPassword)) {
        const description = "must not be a common one";
        return json(response, 400, {
          code: 3,
          message: "",
          violations: [{ field: "newPassword", description }],
        });
      }
      changed.set(user, newPassword);
    }
    response.setHeader(
      "set-cookie",
      `${COOKIE}${encodeURIComponent(user)}; Path=/; HttpOnly; SameSite=Strict`,
    );
    json(response, 200, told(user));
  });
}

import * as v from "valibot";
import { fetchJson, sendJson } from "./fetchJson";
import { allPages } from "./pages";
import { wireList, wireNumber, wireText } from "./wire";

/** AccessService: users with roles, and API keys. */

export const ROLES = ["viewer", "analyst", "engineer", "responder", "approver", "billing", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Permissions that a key can be limited to, by the names that the session has too. */
export const PERMISSIONS = [
  "alerts_read",
  "alerts_triage",
  "events_read",
  "rules_read",
  "rules_write",
  "rules_deploy",
  "pipeline_read",
  "audit_read",
  "tenant_read",
  "tenant_configure",
  "access_manage",
  "usage_read",
  "response_request",
  "response_approve",
  "telemetry_send",
  "agents_read",
  "agents_manage",
] as const;

/** `ROLE_VIEWER` as `viewer`; one that this page does not know keeps its name. */
const named = (prefix: string) =>
  v.pipe(
    v.string(),
    v.transform((name) => name.replace(prefix, "").toLowerCase()),
  );
const enumOf = (prefix: string) => (name: string) => `${prefix}${name.toUpperCase()}`;
const enumOfRole = enumOf("ROLE_");
const enumOfPermission = enumOf("PERMISSION_");

const User = v.object({
  userId: wireText,
  name: wireText,
  displayName: wireText,
  roles: wireList(named("ROLE_")),
  disabled: v.optional(v.boolean(), false),
  createdMs: wireNumber,
  /** Signs in at the issuer and has no password here. */
  singleSignOn: v.optional(v.boolean(), false),
  mustChangePassword: v.optional(v.boolean(), false),
});
export type User = v.InferOutput<typeof User>;

const ApiKey = v.object({
  keyId: wireText,
  name: wireText,
  roles: wireList(named("ROLE_")),
  scopes: wireList(named("PERMISSION_")),
  createdBy: wireText,
  createdMs: wireNumber,
  expiresMs: wireNumber,
  revokedMs: wireNumber,
  certificate: v.optional(v.boolean(), false),
});
export type ApiKey = v.InferOutput<typeof ApiKey>;

const UserList = v.object({ users: wireList(User), nextPageToken: wireText });
const ApiKeyList = v.object({ apiKeys: wireList(ApiKey), nextPageToken: wireText });
const CreatedKey = v.object({ apiKey: v.optional(ApiKey), secret: wireText });
const OneTimePassword = v.object({ password: wireText, expiresMs: wireNumber });
const Nothing = v.object({});

const enc = encodeURIComponent;
const usersUrl = (tenant: string, id = "") => `/v1/tenants/${enc(tenant)}/users${id && `/${enc(id)}`}`;
const keysUrl = (tenant: string) => `/v1/tenants/${enc(tenant)}/apikeys`;

export function listUsers(tenant: string, signal?: AbortSignal) {
  return allPages(async (params) => {
    const page = await fetchJson(UserList, `${usersUrl(tenant)}?${params}`, signal);
    return { items: page.users, nextPageToken: page.nextPageToken };
  });
}

export function createUser(
  tenant: string,
  user: { name: string; displayName: string; password: string; roles: readonly string[] },
) {
  return sendJson(User, "POST", usersUrl(tenant), {
    ...user,
    roles: user.roles.map(enumOfRole),
    mustChangePassword: true,
  });
}

/** Changes what is given. */
export function updateUser(
  tenant: string,
  id: string,
  change: { displayName?: string; disabled?: boolean; roles?: readonly string[] },
) {
  return sendJson(User, "PATCH", usersUrl(tenant, id), {
    ...change,
    ...(change.roles && { roles: change.roles.map(enumOfRole) }),
    updateMask: Object.keys(change).join(","),
  });
}

/** Makes a one-time password and ends the user's sessions. */
export function resetPassword(tenant: string, id: string) {
  return sendJson(OneTimePassword, "POST", `${usersUrl(tenant, id)}:resetPassword`, {});
}

/** The caller's own; ends the caller's other sessions. */
export function changePassword(oldPassword: string, newPassword: string) {
  return sendJson(Nothing, "POST", "/v1/whoami:password", { oldPassword, newPassword });
}

export function deleteUser(tenant: string, id: string) {
  return sendJson(Nothing, "DELETE", usersUrl(tenant, id));
}

export function listApiKeys(tenant: string, signal?: AbortSignal) {
  return allPages(async (params) => {
    const page = await fetchJson(ApiKeyList, `${keysUrl(tenant)}?${params}`, signal);
    return { items: page.apiKeys, nextPageToken: page.nextPageToken };
  });
}

export function createApiKey(
  tenant: string,
  key: { name: string; roles: readonly string[]; scopes: readonly string[]; validDays: number },
) {
  return sendJson(CreatedKey, "POST", keysUrl(tenant), {
    ...key,
    roles: key.roles.map(enumOfRole),
    scopes: key.scopes.map(enumOfPermission),
  });
}

export function revokeApiKey(tenant: string, id: string) {
  return sendJson(ApiKey, "POST", `${keysUrl(tenant)}/${enc(id)}:revoke`, {});
}

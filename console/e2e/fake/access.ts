import { type Answer, evilOf, HOUR, now, ok, type Row, refused } from "./answer.ts";

/** Who signs in to a tenant. */
export class Users {
  private readonly users: Row[] = [];
  private readonly newId: () => string;

  constructor(tenant: string, newId: () => string) {
    this.newId = newId;
    if (tenant === "empty") return;
    const evil = evilOf(tenant);
    for (const [name, roles] of [
      ["ada", ["ROLE_ADMIN"]],
      ["grace", ["ROLE_ANALYST", "ROLE_RESPONDER"]],
      ["alan", ["ROLE_ENGINEER"]],
    ] as const) {
      this.users.push({
        userId: newId(),
        name: name + evil,
        displayName: evil || `${name} of ${tenant}`,
        roles,
        createdMs: String(Date.UTC(2026, 9, 2)),
        ...(name === "alan" && { disabled: true }),
      });
    }
  }

  answer(method: string, id: string, body: Row): Answer {
    if (method === "GET") return ok({ users: this.users });
    if (method === "POST" && id === "") {
      if (!/^[\p{L}\p{N}][\p{L}\p{N}._+-]{0,99}$/u.test(String(body["name"]))) {
        const description = "must be 1 to 100 letters, digits or . _ + - and start with a letter or digit";
        return refused(400, 3, `name ${description}`, [{ field: "name", description }]);
      }
      if (this.users.some((user) => user["name"] === body["name"]))
        return refused(409, 6, `user ${body["name"]} is there already`);
      if (String(body["password"]).length < 12) return refused(400, 3, "password must have 12 characters");
      const { password: _, ...user } = body;
      const made = { userId: this.newId(), createdMs: now(), ...user };
      this.users.push(made);
      return ok(made);
    }
    const at = this.users.findIndex((user) => user["userId"] === id.split(":")[0]);
    const user = this.users[at];
    if (!user) return refused(404, 5, "no such user");
    if (id.endsWith(":resetPassword")) {
      user["mustChangePassword"] = true;
      return ok({ user, password: "once-and-never-again", expiresMs: String(Date.now() + 24 * HOUR) });
    }
    if (method === "DELETE") {
      this.users.splice(at, 1);
      return ok({});
    }
    for (const member of String(body["updateMask"]).split(",")) {
      if (member !== "password") user[member] = body[member];
    }
    return ok(user);
  }
}

/** API keys or enrolment tokens: made with a secret, listed, revoked. */
export class Credentials {
  private readonly rows: Row[];
  private readonly one: "apiKey" | "token";
  private readonly newId: () => string;

  constructor(one: "apiKey" | "token", rows: Row[], newId: () => string) {
    this.one = one;
    this.rows = rows;
    this.newId = newId;
  }

  answer(method: string, asked: string, body: Row): Answer {
    const { one, rows } = this;
    const [id = "", verb = ""] = asked.split(":");
    if (method === "GET") return ok({ [`${one}s`]: rows });
    if (verb === "revoke") {
      const row = rows.find((each) => each["keyId"] === id || each["tokenId"] === id);
      if (!row) return refused(404, 5, "no such credential");
      row["revokedMs"] = now();
      return ok(row);
    }
    const hours = body["validHours"] ? Number(body["validHours"]) : Number(body["validDays"]) * 24;
    const { validHours: _, validDays: __, ...rest } = body;
    const made: Row = {
      [one === "token" ? "tokenId" : "keyId"]: this.newId(),
      ...rest,
      createdBy: "operator:local",
      createdMs: now(),
      expiresMs: String(Date.now() + hours * HOUR),
    };
    rows.unshift(made);
    return ok({ [one]: made, secret: one === "token" ? "tw1.c2VjcmV0LXRva2Vu" : "twk.YWNtZQ.c2VjcmV0" });
  }
}

export function apiKeys(tenant: string, newId: () => string): Row[] {
  const evil = evilOf(tenant);
  return Array.from({ length: tenant === "empty" ? 0 : tenant === "axe" ? 3 : 12 }, (_, i) => ({
    keyId: newId(),
    name: `ci ${i}${evil}`,
    roles: ["ROLE_ENGINEER"],
    scopes: i % 2 ? ["PERMISSION_RULES_READ", "PERMISSION_RULES_WRITE"] : [],
    createdBy: `user:ada@${tenant}${evil}`,
    createdMs: now(),
    expiresMs: String(Date.now() + (i - 1) * 24 * HOUR + HOUR),
    ...(i === 2 && { revokedMs: now() }),
    ...(i === 4 && { certificate: true }),
  }));
}

export function enrolmentTokens(tenant: string, newId: () => string): Row[] {
  const evil = evilOf(tenant);
  return Array.from({ length: tenant === "empty" ? 0 : 4 }, (_, i) => ({
    tokenId: newId(),
    comment: `rack ${i}${evil}`,
    createdBy: `user:ada@${tenant}`,
    createdMs: now(),
    expiresMs: String(Date.now() + (i - 1) * 24 * HOUR + HOUR),
    ...(i === 2 && { usedMs: now(), usedBy: `ws-0142${evil}` }),
  }));
}

/** What the roles of a fake user allow: who is called vera views, everyone else has all. */
export function permissionsOf(user: string, operator: boolean): { roles: string[]; permissions: string[] } {
  const look = [
    "self",
    "alerts_read",
    "events_read",
    "rules_read",
    "pipeline_read",
    "agents_read",
    "tenant_read",
  ];
  if (user.startsWith("vera")) return { roles: ["viewer"], permissions: look };
  const all = [
    ...look,
    "alerts_triage",
    "rules_write",
    "rules_deploy",
    "audit_read",
    "tenant_configure",
    "access_manage",
    "agents_manage",
    "response_request",
    "usage_read",
    ...(operator ? ["tenants_manage"] : []),
  ];
  return { roles: ["admin"], permissions: all };
}

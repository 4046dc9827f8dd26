/** What the administration of a tenant has: people, keys, tokens, lists, limits. */
export interface Answer {
  status: number;
  body: unknown;
}

interface FakeTenant {
  tenantId: string;
  displayName: string;
  createdMs: string;
  deletedMs?: string;
  suspendedMs?: string;
}

const HOSTILE = '<img src=x onerror="window.pwned=20">\u202e';
const HOUR = 3600e3;
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const now = () => String(Date.now());
const ok = (body: unknown): Answer => ({ status: 200, body });
const refused = (status: number, code: number, message: string, violations: object[] = []): Answer => ({
  status,
  body: { code, message, requestId: "req-4713", violations },
});

/** All tenants; each test makes or names its own. */
export class Registry {
  private readonly tenants = new Map<string, FakeTenant>();

  constructor() {
    for (const [tenantId, displayName] of [
      ["system", "Operators"],
      ["default", "Default"],
      ["acme", "Acme"],
    ] as const) {
      this.tenants.set(tenantId, { tenantId, displayName, createdMs: String(Date.UTC(2026, 9, 1)) });
    }
  }

  /** @param asked the tenant of the path, empty for the list */
  answer(method: string, asked: string, query: URLSearchParams, body: Record<string, unknown>): Answer {
    if (!asked && method === "GET") {
      return ok({ tenants: [...this.tenants.values()].sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1)) });
    }
    const [id = "", verb = ""] = asked.split(":");
    const found = this.tenants.get(id);
    if (verb) {
      if (!found) return refused(404, 5, `No tenant ${id}.`);
      found.suspendedMs = verb === "suspend" ? now() : "0";
      return ok(found);
    }
    if (method === "POST") return this.create(body);
    if (!found) return refused(404, 5, `No tenant ${asked}.`);
    if (method === "PATCH") {
      if (body["updateMask"] !== "displayName") return refused(400, 3, "update_mask must be display_name");
      found.displayName = String(body["displayName"]);
      return ok(found);
    }
    if (method === "DELETE") return this.remove(found, query.get("confirm") ?? "");
    return ok(found);
  }

  /** Hostile and big worlds want a list of their own, so that others do not see it. */
  hostile(): Answer {
    const evil = { tenantId: `x${HOSTILE}`, displayName: HOSTILE, createdMs: now() };
    return ok({ tenants: [evil] });
  }

  private create(body: Record<string, unknown>): Answer {
    const tenantId = String(body["tenantId"]);
    if (this.tenants.has(tenantId)) return refused(409, 6, `tenant ${tenantId} is there, or was`);
    const made = { tenantId, displayName: String(body["displayName"] ?? ""), createdMs: now() };
    this.tenants.set(tenantId, made);
    return ok(made);
  }

  private remove(tenant: FakeTenant, confirm: string): Answer {
    if (confirm !== tenant.tenantId) return refused(400, 3, "confirm must be the tenant's id once more");
    tenant.deletedMs = now();
    return ok({
      certificateId: uuid(4711),
      tenantId: tenant.tenantId,
      deletedMs: tenant.deletedMs,
      deletedBy: "operator:local",
      counts: [
        { place: "clickhouse.events", rows: "120345" },
        { place: "postgresql.users", rows: "3" },
        { place: "postgresql.value_lists" },
      ],
      kept: ["audit log: 17 records"],
      keyId: "a2V5",
      signature: "c2lnbmF0dXJl",
    });
  }
}

interface Row {
  [member: string]: unknown;
}

export class Office {
  private readonly users: Row[] = [];
  private readonly keys: Row[] = [];
  private readonly tokens: Row[] = [];
  private readonly agents: Row[] = [];
  private readonly saved: Row[] = [];
  private lists: Row[] = [];
  private readonly ordered: Row[] = [];
  private configurations: Row[] = [{ version: "6", content: "[collectors]\nprocesses = true\n" }];
  private retention: Row = { eventsDays: 30, alertsDays: 365 };
  private quotas: Row = { users: "50", eventsPerSecond: "20000" };
  private next = 100;
  private readonly tenant: string;

  constructor(tenant: string) {
    this.tenant = tenant;
    if (tenant === "empty") return;
    const evil = tenant === "hostile" ? HOSTILE : "";
    for (const [name, roles] of [
      ["ada", ["ROLE_ADMIN"]],
      ["grace", ["ROLE_ANALYST", "ROLE_RESPONDER"]],
      ["alan", ["ROLE_ENGINEER"]],
    ] as const) {
      this.users.push({
        userId: uuid(this.next++),
        name: name + evil,
        displayName: evil || `${name} of ${tenant}`,
        roles,
        createdMs: String(Date.UTC(2026, 9, 2)),
        ...(name === "alan" && { disabled: true }),
      });
    }
    for (let i = 0; i < (tenant === "axe" ? 3 : 12); i++) {
      this.keys.push({
        keyId: uuid(this.next++),
        name: `ci ${i}${evil}`,
        roles: ["ROLE_ENGINEER"],
        scopes: i % 2 ? ["PERMISSION_RULES_READ", "PERMISSION_RULES_WRITE"] : [],
        createdBy: `user:ada@${tenant}${evil}`,
        createdMs: now(),
        expiresMs: String(Date.now() + (i - 1) * 24 * HOUR + HOUR),
        ...(i === 2 && { revokedMs: now() }),
        ...(i === 4 && { certificate: true }),
      });
    }
    for (let i = 0; i < 4; i++) {
      this.tokens.push({
        tokenId: uuid(this.next++),
        comment: `rack ${i}${evil}`,
        createdBy: `user:ada@${tenant}`,
        createdMs: now(),
        expiresMs: String(Date.now() + (i - 1) * 24 * HOUR + HOUR),
        ...(i === 2 && { usedMs: now(), usedBy: `ws-0142${evil}` }),
      });
    }
    this.saved.push({
      filterId: uuid(700),
      name: `Severe${evil}`,
      query: `severity:>=high${evil && ` "${evil.replaceAll('"', "")}"`}`,
      owner: `user:ada@${tenant}${evil}`,
      shared: true,
      changedMs: now(),
    });
    for (const [i, host] of ["fin-wks-0142", "dc-ams-02", "lab-srv-14", "old-laptop"].entries()) {
      this.agents.push({
        agentId: uuid(500 + i),
        host: host + evil,
        platform: `Linux 6.1.0 x86_64${evil}`,
        agentVersion: "0.1.0",
        enrolledMs: String(Date.UTC(2026, 9, 3)),
        certificateNotAfterMs: String(Date.UTC(2027, 1, 1)),
        lastSeenMs: i === 3 ? "0" : String(Date.now() - i * HOUR),
        connected: i < 2,
        ...(i === 1 && { wantedConfigurationVersion: "3", configurationVersion: "2" }),
        ...(i === 2 && { cloneFingerprint: `c0ffee${evil}` }),
        ...(i < 3 && { heartbeat: heartbeat(i, evil) }),
      });
    }
    this.lists = [
      {
        name: "admin_hosts",
        version: 3,
        entries: evil ? [evil, "ws-02"] : ["ws-01", "ws-02"],
        changedBy: `user:ada@${tenant}${evil}`,
        changedMs: now(),
      },
    ];
  }

  answer(method: string, kind: string, id: string, body: Row): Answer | null {
    const [name = "", verb = ""] = id.split(":");
    if (kind === "users") return this.people(method, id, body);
    if (kind === "apikeys") return this.credentials(this.keys, "apiKey", "apiKeys", method, name, verb, body);
    if (kind === "enrolmenttokens")
      return this.credentials(this.tokens, "token", "tokens", method, name, verb, body);
    if (kind === "valuelists") return this.values(method, id, body);
    if (kind === "savedfilters") return this.filters(method, id, body);
    if (kind === "agents") return this.endpoints(method, name, verb, body);
    if (kind === "agentcommands") return this.orders(id);
    if (kind === "agentconfigurations") return this.configured(method, body);
    if (kind === "ingestusage") return ok({ hours: this.tenant === "empty" ? [] : usage() });
    if (kind === "retention") {
      if (method === "PUT")
        this.retention = { eventsDays: body["eventsDays"], alertsDays: body["alertsDays"] };
      return ok(this.retention);
    }
    if (kind === "quotas") {
      if (method === "PUT") this.quotas = strings(body["quotas"] as Row);
      return ok(this.quotas);
    }
    return null;
  }

  private people(method: string, id: string, body: Row): Answer {
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
      const made = { userId: uuid(this.next++), createdMs: now(), ...user };
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

  private credentials(
    rows: Row[],
    one: string,
    many: string,
    method: string,
    id: string,
    verb: string,
    body: Row,
  ): Answer {
    if (method === "GET") return ok({ [many]: rows });
    if (verb === "revoke") {
      const row = rows.find((each) => each["keyId"] === id || each["tokenId"] === id);
      if (!row) return refused(404, 5, "no such credential");
      row["revokedMs"] = now();
      return ok(row);
    }
    const hours = body["validHours"] ? Number(body["validHours"]) : Number(body["validDays"]) * 24;
    const { validHours: _, validDays: __, ...rest } = body;
    const made: Row = {
      [one === "token" ? "tokenId" : "keyId"]: uuid(this.next++),
      ...rest,
      createdBy: "operator:local",
      createdMs: now(),
      expiresMs: String(Date.now() + hours * HOUR),
    };
    rows.unshift(made);
    return ok({ [one]: made, secret: one === "token" ? "tw1.c2VjcmV0LXRva2Vu" : "twk.YWNtZQ.c2VjcmV0" });
  }

  private values(method: string, name: string, body: Row): Answer {
    if (method === "GET") return ok({ lists: this.lists });
    const old = this.lists.find((list) => list["name"] === name);
    if (method === "DELETE") {
      this.lists = this.lists.filter((list) => list !== old);
      return ok({});
    }
    const version = Number(old?.["version"] ?? 0);
    if (body["baseVersion"] && body["baseVersion"] !== version) {
      const said = `the list has version ${version} now, and the change was made on ${body["baseVersion"]}; read it again`;
      return refused(409, 10, said);
    }
    const made = {
      name,
      version: version + 1,
      entries: body["entries"],
      changedBy: `user:ada@${this.tenant}`,
      changedMs: now(),
      deployed: true,
    };
    this.lists = [...this.lists.filter((list) => list !== old), made];
    return ok(made);
  }

  private filters(method: string, id: string, body: Row): Answer {
    if (method === "GET") return ok({ filters: this.saved });
    const at = this.saved.findIndex((each) => each["filterId"] === id);
    if (method === "DELETE") {
      this.saved.splice(at, 1);
      return ok({});
    }
    const made = { filterId: uuid(this.next++), owner: "operator:local", mine: true, changedMs: now() };
    const kept = { ...made, ...this.saved[at], ...body };
    if (at < 0) this.saved.push(kept);
    else this.saved[at] = kept;
    return ok(kept);
  }

  private endpoints(method: string, id: string, verb: string, body: Row): Answer {
    if (method === "GET") return ok({ agents: this.agents });
    if (id.endsWith("/commands")) return this.order(id.split("/")[0] ?? "", body);
    const agent = this.agents.find((each) => each["agentId"] === id);
    if (!agent || verb !== "revoke") return refused(404, 5, "no such agent");
    Object.assign(agent, { revokedMs: now(), revokedReason: body["reason"], connected: false });
    return ok(agent);
  }

  /** Sent; an agent answers when it is looked at again. */
  private order(agentId: string, body: Row): Answer {
    const command = body["command"] as Row;
    const made: Row = {
      commandId: uuid(this.next++),
      agentId,
      command: { ...command, issuedBy: "operator:local" },
      issuedMs: now(),
      expiresMs: String(Date.now() + Number(body["validSeconds"]) * 1000),
      sentMs: now(),
    };
    this.ordered.unshift(made);
    return ok(made);
  }

  private orders(id: string): Answer {
    const all = [...this.ordered, ...(this.tenant === "empty" ? [] : this.commands())];
    if (id) {
      const found = all.find((each) => each["commandId"] === id);
      return found ? ok(found) : refused(404, 5, "no such command");
    }
    const told = structuredClone(all) as (Row & { result?: Row })[];
    for (const each of told) delete each.result?.["output"];
    for (const each of this.ordered) if (!each["result"]) Object.assign(each, this.answered(each));
    return ok({ commands: told });
  }

  private answered(order: Row): Row {
    const command = order["command"] as Row;
    const evil = this.tenant === "hostile" ? HOSTILE : "";
    const path = String((command["collectPath"] as Row | undefined)?.["path"] ?? "");
    const result: Row = {
      commandId: order["commandId"],
      status: "COMMAND_STATUS_SUCCEEDED",
      code: command["dryRun"] ? "would-do" : "done",
      detail: `${command["dryRun"] ? "would do it" : "did it"}${evil}`,
      ...(Boolean(command["runOsquery"]) && {
        output: Buffer.from(`[{"pid":"7"}]${evil}`).toString("base64"),
      }),
      ...(path &&
        !command["dryRun"] && {
          evidence: [
            {
              path: path + evil,
              sizeBytes: "9",
              sha256: Buffer.alloc(32, 7).toString("base64"),
              uploadId: "u1",
            },
          ],
        }),
      ...(Boolean(command["quarantineFile"]) && !command["dryRun"] && { quarantineId: `q-17${evil}` }),
    };
    return { answeredMs: now(), result };
  }

  private configured(method: string, body: Row): Answer {
    if (method === "GET") return ok({ configurations: this.configurations });
    const old = this.configurations.find((each) => each["agentId"] === body["agentId"]);
    const version = String(Number(old?.["version"] ?? 6) + 1);
    const made = { agentId: body["agentId"], content: body["content"], version, changedMs: now() };
    this.configurations = [...this.configurations.filter((each) => each !== old), made];
    return ok(made);
  }

  private commands(): Row[] {
    const evil = this.tenant === "hostile" ? HOSTILE : "";
    const command = (n: number, action: Row, more: Row) => ({
      commandId: uuid(9000 + n),
      agentId: uuid(500),
      command: { ...action, reason: `case 4711${evil}`, issuedBy: `user:ada@${this.tenant}${evil}` },
      issuedMs: now(),
      expiresMs: String(Date.now() + HOUR),
      ...more,
    });
    return [
      command(1, { isolateNetwork: { allowed: [] } }, { sentMs: now() }),
      command(
        2,
        { killProcess: { pid: "4711" }, dryRun: true },
        {
          answeredMs: now(),
          result: { status: "COMMAND_STATUS_REFUSED", code: "TW-A1", detail: `no such process${evil}` },
        },
      ),
    ];
  }

  /** Somebody else changes a list meanwhile. */
  meanwhile() {
    for (const list of this.lists) list["version"] = Number(list["version"]) + 1;
  }
}

const heartbeat = (i: number, evil: string): Row => ({
  timeUs: String(Date.now() * 1000),
  agentVersion: "0.1.0",
  spoolEvents: "120",
  spoolBytes: "48213",
  spoolOldestMs: "61000",
  eventsCollected: "90210",
  eventsSent: "90090",
  eventsDropped: String(i),
  residentBytes: "148000000",
  cpuSeconds: 312.5,
  collectors: [
    { name: "processes", state: "COLLECTOR_STATE_RUNNING", events: "80000" },
    { name: "files", state: "COLLECTOR_STATE_UNAVAILABLE", detail: `fanotify: EPERM${evil}`, restarts: 2 },
  ],
});

/** Eight hours by two ways, in one of which a quota held something back. */
function usage(): Row[] {
  const last = Math.floor(Date.now() / HOUR) * HOUR;
  return Array.from({ length: 8 }, (_, i) => String(last - i * HOUR)).flatMap((hourMs, i) => [
    { hourMs, way: "agent", events: String(1000 + i), bytes: "2000000" },
    {
      hourMs,
      way: "otlp",
      events: "10",
      bytes: "50000",
      ...(i === 1 && { overQuota: "3", overQuotaEvents: "1500", refusedEvents: "2" }),
    },
  ]);
}

const strings = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));

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

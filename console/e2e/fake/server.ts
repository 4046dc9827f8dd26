import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, Office, permissionsOf, Registry } from "./admin.ts";
import { Contract } from "./contract.ts";
import {
  agesMs,
  alertOf,
  detailOf,
  EPISODE,
  type FakeAlert,
  HOSTILE,
  neighboursOf,
  ruleIdOf,
  TEMPLATES,
} from "./data.ts";
import { deadLetters, health, logSources } from "./health.ts";
import { type Posted as RulesPosted, Shelf } from "./rules.ts";
import { Desk, type Posted } from "./triage.ts";
import { tested, validated, vocabulary } from "./workbench.ts";

/**
 * The control API's JSON for browser tests. Each tenant is a world of its own: `hostile`, `empty`,
 * `many` (10,000 alerts), `flood` (none yet), `locked` and those that begin with `sso` (ask who calls) and `broken`
 * differ, every other name has the usual 128 alerts. Tests act
 * on a tenant through POST /__fake/{tenant}/…: publish?n=, drop, refuse?on=, readonly?on=, tamper?record=, kafka?on=,
 * colleague?rule=, meanwhile.
 */
export interface FakeApi {
  url: string;
  close(): Promise<void>;
}

type Template = (typeof TEMPLATES)[number];

class World {
  readonly alerts: FakeAlert[];
  readonly template = new Map<string, Template>();
  readonly streams = new Set<{ response: ServerResponse; query: URLSearchParams }>();
  /** Stored batches by cursor, for Last-Event-ID. */
  readonly log: FakeAlert[] = [];
  refusing = false;
  /** Triage is answered with PERMISSION_DENIED. */
  readonly = false;
  readonly shelf: Shelf;
  readonly desk: Desk;
  readonly office: Office;
  private next: number;

  constructor(tenant: string) {
    this.desk = new Desk(tenant);
    this.office = new Office(tenant);
    const now = Date.now();
    const count = tenant === "empty" || tenant.startsWith("flood") ? 0 : tenant === "many" ? 10_000 : 128;
    const templates = tenant === "hostile" ? [HOSTILE, ...TEMPLATES] : TEMPLATES;
    this.alerts = agesMs(count).map((age, i) => {
      const at = i < templates.length ? i : (i * 31 + (i >> 3)) % templates.length;
      const template = templates[at] ?? TEMPLATES[0];
      if (!template) throw new Error("no template");
      const index = TEMPLATES.indexOf(template);
      const alert = alertOf(template, now - age, index < 0 ? ruleIdOf(99) : ruleIdOf(index), i);
      this.template.set(alert.alertId, template);
      return alert;
    });
    if (tenant.startsWith("episode")) {
      const raised = alertOf(EPISODE, now - 9000, ruleIdOf(90), 900_000);
      this.alerts.unshift(raised);
      this.template.set(raised.alertId, EPISODE);
    }
    this.next = count;
    this.shelf = new Shelf(tenant, (id) => this.alerts.filter((each) => each.ruleId === id).length);
  }

  publish(count: number, ageMs = 0) {
    const batch = Array.from({ length: count }, (_, i) => {
      const n = this.next++;
      const at = (n * 7 + i) % TEMPLATES.length;
      const template = TEMPLATES[at];
      if (!template) throw new Error("no template");
      const alert = alertOf(template, Date.now() - ageMs - i, ruleIdOf(at), n);
      this.template.set(alert.alertId, template);
      return alert;
    });
    this.alerts.unshift(...batch);
    this.log.push(...batch);
    for (const stream of this.streams) this.send(stream, batch);
  }

  send(stream: { response: ServerResponse; query: URLSearchParams }, batch: FakeAlert[]) {
    const alerts = filtered(batch, stream.query);
    const cursor = String(this.log.length);
    stream.response.write(`id: ${cursor}\nevent: alerts\ndata: ${JSON.stringify({ alerts, cursor })}\n\n`);
  }

  drop() {
    for (const { response } of this.streams) response.destroy();
    this.streams.clear();
  }
}

export async function startFakeApi(options: { port: number; live: boolean }): Promise<FakeApi> {
  const worlds = new Map<string, World>();
  const worldOf = (tenant: string) => {
    const world = worlds.get(tenant) ?? new World(tenant);
    worlds.set(tenant, world);
    return world;
  };
  const contract = new Contract();
  const server = createServer((request, response) => {
    try {
      const url = new URL(request.url ?? "/", "http://fake");
      if (isMessage(url)) {
        // A browser test fails on what the real API would not understand or not say.
        const questions = contract.question(request.method ?? "GET", url, undefined);
        if (request.method === "GET" && questions.length > 0) {
          return json(response, 500, { code: 13, message: questions.join("; ") });
        }
        held.set(response, (body) => contract.answer(request.method ?? "GET", url.pathname, body));
        held.set(request, (body) => contract.question(request.method ?? "POST", url, body));
        answers.set(request, response);
      }
      handle(request, response, worldOf);
    } catch (error) {
      json(response, 500, { code: 13, message: String(error) });
    }
  });
  const beat = setInterval(() => {
    for (const world of worlds.values()) {
      for (const { response } of world.streams) heartbeat(response, world);
    }
  }, 2000);
  const feed = options.live ? setInterval(() => worldOf("default").publish(1), 9000) : undefined;
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      clearInterval(beat);
      clearInterval(feed);
      for (const world of worlds.values()) world.drop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function handle(request: IncomingMessage, response: ServerResponse, worldOf: (tenant: string) => World) {
  const url = new URL(request.url ?? "/", "http://fake");
  const path = url.pathname.split("/").map(decodeURIComponent);
  if (path[1] === "__fake") return control(path[3] ?? "", url.searchParams, worldOf(path[2] ?? ""), response);
  if (url.pathname === "/v1/session") return session(request, response);
  if (url.pathname === "/v1/session/ways") return ways(request, response);
  if (url.pathname === "/v1/session/oidc") return issuer(response);
  if (url.pathname === "/v1/whoami:password") return ownPassword(request, response);
  if (url.pathname === "/v1/pipeline/health") return json(response, 200, health());
  const [, , place = "", tenant = "", kind = "", id = ""] = path;
  if (place === "tenants" && !tenant) return registry(request, response, "", url.searchParams);
  const world = worldOf(tenant);
  if (/^(locked|sso.*|hostile-out)$/.test(tenant) && !request.headers.cookie?.includes(COOKIE)) {
    return json(response, 401, { code: 16, status: "UNAUTHENTICATED", message: "no credentials" });
  }
  if (world.refusing || tenant === "broken") {
    return json(response, 503, {
      code: 14,
      status: "UNAVAILABLE",
      requestId: "req-4711",
      message: "ClickHouse does not answer. Alerts are kept and shown when it is back.",
    });
  }
  if (tenant === "nobody") return json(response, 404, { code: 5, message: "No tenant nobody." });
  const query = url.searchParams;
  const caller = signedIn(request);
  if (caller && request.method !== "GET" && request.headers["x-tidewatch-csrf"] !== CSRF) {
    return json(response, 401, { code: 16, message: "a change by a session needs the header" });
  }
  if (place === "tenants" && !kind) return registry(request, response, tenant, query);
  if (kind === "agentcommands" && path[6] === "evidence") return evidence(response);
  if (OFFICE.includes(kind)) return office(world, kind, path.slice(5).join("/"), request, response);
  if (kind === "alerts:disposition" || kind === "alerts:assign")
    return triage(world, kind, request, response);
  if (kind === "alerts:verdicts") {
    return json(response, 200, world.desk.verdicts(world.alerts, query.get("rule_id") ?? ""));
  }
  if (kind === "alerts" && path[6] === "triage") return json(response, 200, world.desk.of(id));
  if (kind === "audit") return json(response, 200, world.desk.page(query));
  if (kind === "audit:verify") return json(response, 200, world.desk.verify());
  if (kind === "audit:export") return json(response, 200, world.desk.exported(query));
  if (kind === "alerts:stream") return stream(request, response, world, query);
  if (kind === "alerts:groups") return json(response, 200, groups(stated(world, query), query));
  if (kind === "alerts:summary") return json(response, 200, summary(filtered(world.alerts, query), query));
  if (kind === "alerts" && id) return alert(world, id, response);
  if (kind === "alerts") {
    const grouped = query.has("filter.in_group.by");
    const found = page(grouped ? members(world, query) : filtered(world.alerts, query), query);
    return json(response, 200, { ...found, alerts: world.desk.withState(found.alerts) });
  }
  if (kind === "events") return json(response, 200, { events: events(world, query) });
  if (kind === "deadletters") return json(response, 200, deadLetters(tenant, query.get("code") ?? ""));
  if (kind === "logsources") return json(response, 200, logSources(tenant));
  if (kind === "vocabulary") return json(response, 200, vocabulary());
  if (kind === "rules:validate" || kind === "rules:test") return bench(kind, request, response);
  if (request.method === "POST" && (kind.startsWith("rules") || kind === "ruleversions")) {
    return posted(request, (body) => {
      const answer = world.shelf.change(kind, id, body as RulesPosted);
      json(response, answer.status, answer.body);
    });
  }
  const told = world.shelf.answer(kind, path, query);
  if (told) return json(response, told.status, told.body);
  json(response, 404, { code: 5, message: `No ${url.pathname}.` });
}

function evidence(response: ServerResponse) {
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-disposition": 'attachment; filename="hosts.evidence"',
    "x-content-type-options": "nosniff",
  });
  response.end("127.0.0.1");
}

/** What is wrong with a body, by the request or response it is of. */
const held = new WeakMap<object, (body: unknown) => string[]>();
const answers = new WeakMap<IncomingMessage, ServerResponse>();

/** Sessions and streams of server-sent events are no methods of the protobufs. */
function isMessage(url: URL): boolean {
  return (
    url.pathname.startsWith("/v1/") &&
    !url.pathname.startsWith("/v1/session") &&
    !url.pathname.endsWith("alerts:stream") &&
    !url.pathname.includes("/evidence/")
  );
}

const OFFICE = [
  "users",
  "apikeys",
  "enrolmenttokens",
  "valuelists",
  "retention",
  "quotas",
  "agents",
  "agentcommands",
  "agentconfigurations",
  "ingestusage",
  "savedfilters",
];
const tenants = new Registry();

/** The list, for the hostile tenant's pages one of its own. */
function registry(request: IncomingMessage, response: ServerResponse, asked: string, query: URLSearchParams) {
  const method = request.method ?? "GET";
  if (!asked && method === "GET" && request.headers.referer?.includes("/t/hostile/")) {
    return answer(response, tenants.hostile());
  }
  if (!asked && method === "GET" && request.headers.referer?.includes("/t/broken/")) {
    return json(response, 503, { code: 14, message: "PostgreSQL does not answer.", requestId: "req-4714" });
  }
  posted(request, (body) =>
    answer(response, tenants.answer(method, asked, query, body as Record<string, unknown>)),
  );
}

function office(world: World, kind: string, id: string, request: IncomingMessage, response: ServerResponse) {
  posted(request, (body) => {
    const said = world.office.answer(request.method ?? "GET", kind, id, body as Record<string, unknown>);
    answer(response, said ?? { status: 404, body: { code: 5, message: `No ${kind}.` } });
  });
}

function answer(response: ServerResponse, { status, body }: Answer) {
  json(response, status, body);
}

function posted(request: IncomingMessage, then: (body: unknown) => void) {
  let text = "";
  request.on("data", (part) => {
    text += String(part);
  });
  request.on("end", () => {
    const body: unknown = JSON.parse(text || "{}");
    const problems = held.get(request)?.(body) ?? [];
    const response = answers.get(request);
    if (response && problems.length > 0) {
      const message = `The console asks what the API does not know: ${problems.join("; ")}`;
      return json(response, 500, { code: 13, message });
    }
    then(body);
  });
}

/** The workbench posts texts and events. */
function bench(kind: string, request: IncomingMessage, response: ServerResponse) {
  posted(request, (posted) => {
    const body = posted as { sources: { text: string }[]; events?: string[] };
    const source = body.sources[0]?.text ?? "";
    json(response, 200, kind === "rules:test" ? tested(source, body.events ?? []) : validated(source));
  });
}

const COOKIE = "tidewatch_session=fake.";
const CSRF = "fake-csrf";
const UNASKED = "operator:local";

/** The user name in the cookie. */
function signedIn(request: IncomingMessage): string {
  const found = /tidewatch_session=fake\.([^;]+)/.exec(request.headers.cookie ?? "");
  return found ? decodeURIComponent(found[1] ?? "") : "";
}

function told(user: string) {
  const tenantId = user.split("@")[1] ?? "system";
  const operator = tenantId === "system";
  return { actor: `user:${user}`, tenantId, operator, ...permissionsOf(user, operator), csrf: CSRF };
}

function triage(world: World, kind: string, request: IncomingMessage, response: ServerResponse) {
  const user = signedIn(request);
  const author = user ? `user:${user}` : UNASKED;
  posted(request, (body) => {
    const asked = body as Posted;
    if (world.readonly) {
      return json(response, 403, { code: 7, message: "alerts_triage is needed", requestId: "req-4712" });
    }
    const unknown = asked.alertIds.find((id) => !world.alerts.some((a) => a.alertId === id));
    if (unknown) return json(response, 404, { code: 5, message: `no alert ${unknown} of this tenant` });
    const answer =
      kind === "alerts:assign" ? world.desk.assign(author, asked) : world.desk.dispose(author, asked);
    json(response, 200, answer);
  });
}

/** Who asks for the tenant sso may sign in at an issuer, one of the hostile tenant at a hostile one. */
function ways(request: IncomingMessage, response: ServerResponse) {
  const from = request.headers.referer ?? "";
  const name = from.includes("/t/hostile") ? '<img src=x onerror="window.pwned=30">\u202e' : "Example ID";
  const asked = from.includes("/t/sso") || from.includes("/t/hostile");
  json(response, 200, { local: !from.includes("/t/sso-only"), ...(asked && { oidc: { name } }) });
}

/** An issuer that lets everybody in, and back. */
function issuer(response: ServerResponse) {
  response.writeHead(303, {
    location: "/",
    "set-cookie": `${COOKIE}${encodeURIComponent("oidc:4711@sso")}; Path=/; HttpOnly; SameSite=Strict`,
  });
  response.end();
}

/** Everybody's password is the same, until it is changed. */
function ownPassword(request: IncomingMessage, response: ServerResponse) {
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
function session(request: IncomingMessage, response: ServerResponse) {
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

function control(action: string, query: URLSearchParams, world: World, response: ServerResponse) {
  if (action === "publish") world.publish(Number(query.get("n") ?? 1), Number(query.get("age") ?? 0));
  if (action === "drop") world.drop();
  if (action === "readonly") world.readonly = query.get("on") === "true";
  if (action === "kafka") {
    if (query.get("on") === "true") world.shelf.kafkaBack();
    else world.shelf.kafkaAway = true;
  }
  if (action === "colleague") world.shelf.colleague(query.get("rule") ?? "");
  if (action === "tamper") world.desk.broken = Number(query.get("record"));
  if (action === "meanwhile") world.office.meanwhile();
  if (action === "refuse") world.refusing = query.get("on") === "true";
  json(response, 200, { streams: world.streams.size });
}

function json(response: ServerResponse, status: number, body: unknown) {
  const problems = status === 200 ? (held.get(response)?.(JSON.parse(JSON.stringify(body))) ?? []) : [];
  if (problems.length > 0) {
    return json(response, 500, {
      code: 13,
      message: `The fake differs from the API: ${problems.join("; ")}`,
    });
  }
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

function filtered(alerts: FakeAlert[], query: URLSearchParams): FakeAlert[] {
  const levels = query.getAll("filter.levels");
  const from = Number(query.get("filter.from_ms") ?? 0);
  const to = Number(query.get("filter.to_ms") ?? 0);
  const rule = query.get("filter.rule_id");
  const host = query.get("filter.host");
  const user = query.get("filter.user");
  const technique = query.get("filter.technique_id");
  const words = (query.get("filter.text") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  // Of what rules in shadow raised there is little.
  const stored = query.get("filter.shadow") === "true" ? alerts.filter((_, i) => i % 40 === 0) : alerts;
  return stored.filter((a) => {
    const text = `${a.title} ${a.reason} ${a.host} ${a.user}`.toLowerCase();
    return (
      (levels.length === 0 || levels.includes(a.level)) &&
      (!from || Number(a.timeMs) >= from) &&
      (!to || Number(a.timeMs) < to) &&
      (!rule || a.ruleId === rule) &&
      (!host || a.host === host) &&
      (!user || a.user === user) &&
      (!technique || a.techniqueIds.includes(technique)) &&
      words.every((word) => text.includes(word))
    );
  });
}

/** What the filter matches, by triage too. */
function stated(world: World, query: URLSearchParams): FakeAlert[] {
  const states = query.getAll("filter.states");
  const verdicts = query.getAll("filter.verdicts");
  const assignees = query.getAll("filter.assignees");
  return filtered(world.alerts, query).filter((alert) => {
    const said: { verdict?: string; assignee?: string } = world.desk.of(alert.alertId);
    const verdict = said.verdict ?? "VERDICT_OPEN";
    const open = said.assignee ? "TRIAGE_STATE_ASSIGNED" : "TRIAGE_STATE_NEW";
    const state = verdict === "VERDICT_OPEN" ? open : "TRIAGE_STATE_CLOSED";
    return (
      (states.length === 0 || states.includes(state)) &&
      (verdicts.length === 0 || verdicts.includes(verdict)) &&
      (assignees.length === 0 || assignees.includes(said.assignee ?? ""))
    );
  });
}

/** The groups that an alert is in. */
function groupsOf(alert: FakeAlert, by: string): string[] {
  if (by === "ALERT_GROUPING_RULE") return [alert.ruleId];
  if (by === "ALERT_GROUPING_HOST") return [alert.host];
  if (by === "ALERT_GROUPING_USER") return [alert.user];
  return alert.techniqueIds.length > 0 ? alert.techniqueIds : [""];
}

function members(world: World, query: URLSearchParams): FakeAlert[] {
  const by = query.get("filter.in_group.by") ?? "";
  const id = query.get("filter.in_group.id") ?? "";
  return stated(world, query).filter((alert) => groupsOf(alert, by).includes(id));
}

function groups(alerts: FakeAlert[], query: URLSearchParams) {
  const by = query.get("by") ?? "";
  const counts = counted(alerts, (a) =>
    groupsOf(a, by).map((id) => [id, by === "ALERT_GROUPING_RULE" ? a.title : ""]),
  );
  const times = (id: string) =>
    alerts.filter((a) => groupsOf(a, by).includes(id)).map((a) => Number(a.timeMs));
  return {
    groups: counts.slice(0, Number(query.get("top") ?? 50)).map((each) => ({
      ...each,
      lastSeenMs: String(Math.max(...times(each.id))),
      firstSeenMs: String(Math.min(...times(each.id))),
    })),
    totalGroups: String(counts.length),
    total: String(alerts.length),
  };
}

function page(alerts: FakeAlert[], query: URLSearchParams) {
  const size = Number(query.get("page_size") ?? 200);
  const sorted = [...alerts].sort(
    (a, b) => Number(b.timeMs) - Number(a.timeMs) || (a.alertId < b.alertId ? 1 : -1),
  );
  const after = query.get("page_token");
  const start = after ? sorted.findIndex((a) => a.alertId === after) + 1 : 0;
  const rows = sorted.slice(start, start + size);
  const last = rows.at(-1);
  const more = start + size < sorted.length;
  return {
    alerts: rows,
    total: String(alerts.length),
    ...(more && last ? { nextPageToken: last.alertId } : {}),
  };
}

function counted(alerts: FakeAlert[], keys: (a: FakeAlert) => [string, string][]) {
  const counts = new Map<string, { id: string; name: string; count: number; highest: string }>();
  for (const a of alerts) {
    for (const [id, name] of keys(a)) {
      const entry = counts.get(id) ?? { id, name, count: 0, highest: "LEVEL_INFORMATIONAL" };
      entry.count++;
      if (RANK.indexOf(a.level) > RANK.indexOf(entry.highest)) entry.highest = a.level;
      counts.set(id, entry);
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .map((e) => ({ ...e, count: String(e.count) }));
}

const RANK = ["LEVEL_INFORMATIONAL", "LEVEL_LOW", "LEVEL_MEDIUM", "LEVEL_HIGH", "LEVEL_CRITICAL"];

function levels(alerts: FakeAlert[]) {
  return RANK.map((level) => ({
    level,
    count: String(alerts.filter((a) => a.level === level).length),
  })).filter((each) => each.count !== "0");
}

function summary(alerts: FakeAlert[], query: URLSearchParams) {
  const buckets = Number(query.get("buckets") ?? 60);
  const times = alerts.map((a) => Number(a.timeMs));
  const now = Date.now();
  const from = Number(query.get("filter.from_ms") ?? 0) || Math.min(now - 1000, ...times);
  const to = Number(query.get("filter.to_ms") ?? 0) || now;
  const width = (to - from) / buckets;
  return {
    total: String(alerts.length),
    levels: levels(alerts),
    histogram: Array.from({ length: buckets }, (_, i) => {
      const start = Math.floor(from + i * width);
      const end = Math.floor(from + (i + 1) * width);
      const inside = alerts.filter((a) => Number(a.timeMs) >= start && Number(a.timeMs) < end);
      return { startMs: String(start), endMs: String(end), levels: levels(inside) };
    }),
    techniques: counted(alerts, (a) => a.techniqueIds.map((t) => [t, t])),
    rules: counted(alerts, (a) => [[a.ruleId, a.title]]),
    hosts: counted(alerts, (a) => [[a.host, a.host]]),
    fromMs: String(Math.floor(from)),
    toMs: String(Math.floor(to)),
  };
}

function alert(world: World, id: string, response: ServerResponse) {
  const row = world.alerts.find((a) => a.alertId === id);
  const template = world.template.get(id);
  if (!row || !template) return json(response, 404, { code: 5, message: `No alert ${id}.` });
  const [stated = row] = world.desk.withState([row]);
  json(response, 200, detailOf(template, stated));
}

function events(world: World, query: URLSearchParams) {
  const from = Number(query.get("from_ms"));
  const to = Number(query.get("to_ms"));
  const row = world.alerts.find(
    (a) => a.host === query.get("host") && Number(a.timeMs) >= from && Number(a.timeMs) < to,
  );
  const template = row && world.template.get(row.alertId);
  return row && template ? neighboursOf(template, row, from, to) : [];
}

function stream(request: IncomingMessage, response: ServerResponse, world: World, query: URLSearchParams) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const entry = { response, query };
  world.streams.add(entry);
  request.on("close", () => world.streams.delete(entry));
  const cursor = request.headers["last-event-id"] ?? query.get("cursor");
  const missed = cursor ? world.log.slice(Number(cursor)) : [];
  heartbeat(response, world);
  if (missed.length > 0) world.send(entry, missed);
}

function heartbeat(response: ServerResponse, world: World) {
  const cursor = String(world.log.length);
  response.write(
    `id: ${cursor}\nevent: heartbeat\ndata: ${JSON.stringify({ cursor, serverTimeMs: String(Date.now()) })}\n\n`,
  );
}

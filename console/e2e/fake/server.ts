import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Alerts } from "./alerts.ts";
import type { Row } from "./answer.ts";
import { answer, json, posted, understood } from "./exchange.ts";
import { deadLetters, health, logSources } from "./health.ts";
import { Office } from "./office.ts";
import { type Posted as RulesPosted, Shelf } from "./rules.ts";
import { COOKIE, CSRF, issuer, ownPassword, session, signedIn, UNASKED, ways } from "./sessions.ts";
import { Registry } from "./tenants.ts";
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

class World {
  refusing = false;
  /** Triage is answered with PERMISSION_DENIED. */
  readonly = false;
  readonly desk: Desk;
  readonly alerts: Alerts;
  readonly office: Office;
  readonly shelf: Shelf;

  constructor(tenant: string) {
    this.desk = new Desk(tenant);
    this.alerts = new Alerts(tenant, this.desk);
    this.office = new Office(tenant);
    this.shelf = new Shelf(tenant, (id) => this.alerts.all.filter((each) => each.ruleId === id).length);
  }
}

export async function startFakeApi(options: { port: number; live: boolean }): Promise<FakeApi> {
  const worlds = new Map<string, World>();
  const worldOf = (tenant: string) => {
    const world = worlds.get(tenant) ?? new World(tenant);
    worlds.set(tenant, world);
    return world;
  };
  const server = createServer((request, response) => {
    try {
      const url = new URL(request.url ?? "/", "http://fake");
      if (!isMessage(url) || understood(request, response, url)) handle(request, response, worldOf);
    } catch (error) {
      json(response, 500, { code: 13, message: String(error) });
    }
  });
  const beat = setInterval(() => {
    for (const world of worlds.values()) world.alerts.beat();
  }, 2000);
  const feed = options.live ? setInterval(() => worldOf("default").alerts.publish(1), 9000) : undefined;
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      clearInterval(beat);
      clearInterval(feed);
      for (const world of worlds.values()) world.alerts.drop();
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
  if (world.office.has(kind)) return office(world, kind, path.slice(5).join("/"), request, response);
  if (kind === "alerts:disposition" || kind === "alerts:assign")
    return triage(world, kind, request, response);
  if (kind === "alerts:verdicts") {
    return json(response, 200, world.desk.verdicts(world.alerts.all, query.get("rule_id") ?? ""));
  }
  if (kind === "alerts" && path[6] === "triage") return json(response, 200, world.desk.of(id));
  if (kind === "audit") return json(response, 200, world.desk.page(query));
  if (kind === "audit:verify") return json(response, 200, world.desk.verify());
  if (kind === "audit:export") return json(response, 200, world.desk.exported(query));
  if (kind === "alerts:stream") return world.alerts.stream(request, response, query);
  const found = world.alerts.answer(kind, id, query);
  if (found) return answer(response, found);
  if (kind === "deadletters") return json(response, 200, deadLetters(tenant, query.get("code") ?? ""));
  if (kind === "logsources") return json(response, 200, logSources(tenant));
  if (kind === "vocabulary") return json(response, 200, vocabulary());
  if (kind === "rules:validate" || kind === "rules:test") return bench(kind, request, response);
  if (request.method === "POST" && (kind.startsWith("rules") || kind === "ruleversions")) {
    return posted(request, (body) => {
      answer(response, world.shelf.change(kind, id, body as RulesPosted));
    });
  }
  const told = world.shelf.answer(kind, path, query);
  if (told) return answer(response, told);
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

/** Sessions and streams of server-sent events are no methods of the protobufs. */
function isMessage(url: URL): boolean {
  return (
    url.pathname.startsWith("/v1/") &&
    !url.pathname.startsWith("/v1/session") &&
    !url.pathname.endsWith("alerts:stream") &&
    !url.pathname.includes("/evidence/")
  );
}

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
  posted(request, (body) => answer(response, tenants.answer(method, asked, query, body as Row)));
}

function office(world: World, kind: string, id: string, request: IncomingMessage, response: ServerResponse) {
  posted(request, (body) =>
    answer(response, world.office.answer(request.method ?? "GET", kind, id, body as Row)),
  );
}

/** The workbench posts texts and events. */
function bench(kind: string, request: IncomingMessage, response: ServerResponse) {
  posted(request, (posted) => {
    const body = posted as { sources: { text: string }[]; events?: string[] };
    const source = body.sources[0]?.text ?? "";
    json(response, 200, kind === "rules:test" ? tested(source, body.events ?? []) : validated(source));
  });
}

function triage(world: World, kind: string, request: IncomingMessage, response: ServerResponse) {
  const user = signedIn(request);
  const author = user ? `user:${user}` : UNASKED;
  posted(request, (body) => {
    const asked = body as Posted;
    if (world.readonly) {
      return json(response, 403, { code: 7, message: "alerts_triage is needed", requestId: "req-4712" });
    }
    const unknown = asked.alertIds.find((id) => !world.alerts.all.some((a) => a.alertId === id));
    if (unknown) return json(response, 404, { code: 5, message: `no alert ${unknown} of this tenant` });
    const answer =
      kind === "alerts:assign" ? world.desk.assign(author, asked) : world.desk.dispose(author, asked);
    json(response, 200, answer);
  });
}

function control(action: string, query: URLSearchParams, world: World, response: ServerResponse) {
  if (action === "publish") world.alerts.publish(Number(query.get("n") ?? 1), Number(query.get("age") ?? 0));
  if (action === "drop") world.alerts.drop();
  if (action === "readonly") world.readonly = query.get("on") === "true";
  if (action === "kafka") {
    if (query.get("on") === "true") world.shelf.kafkaBack();
    else world.shelf.kafkaAway = true;
  }
  if (action === "colleague") world.shelf.colleague(query.get("rule") ?? "");
  if (action === "tamper") world.desk.broken = Number(query.get("record"));
  if (action === "meanwhile") world.office.meanwhile();
  if (action === "refuse") world.refusing = query.get("on") === "true";
  json(response, 200, { streams: world.alerts.listeners });
}

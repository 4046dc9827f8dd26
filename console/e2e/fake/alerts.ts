import type { IncomingMessage, ServerResponse } from "node:http";
import { filtered, groups, groupsOf, page, summary } from "./alertQueries.ts";
import { type Answer, ok } from "./answer.ts";
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
import type { Desk } from "./triage.ts";

type Template = (typeof TEMPLATES)[number];

/** A tenant's alerts and the events around them, as questions and as a stream. */
export class Alerts {
  readonly all: FakeAlert[];
  private readonly template = new Map<string, Template>();
  private readonly streams = new Set<{ response: ServerResponse; query: URLSearchParams }>();
  /** Stored batches by cursor, for Last-Event-ID. */
  private readonly log: FakeAlert[] = [];
  private readonly desk: Desk;
  private next: number;

  constructor(tenant: string, desk: Desk) {
    this.desk = desk;
    const now = Date.now();
    const count = tenant === "empty" || tenant.startsWith("flood") ? 0 : tenant === "many" ? 10_000 : 128;
    const templates = tenant === "hostile" ? [HOSTILE, ...TEMPLATES] : TEMPLATES;
    this.all = agesMs(count).map((age, i) => {
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
      this.all.unshift(raised);
      this.template.set(raised.alertId, EPISODE);
    }
    this.next = count;
  }

  /** Null for what these are not asked. */
  answer(kind: string, id: string, query: URLSearchParams): Answer | null {
    if (kind === "events") return ok({ events: this.around(query) });
    if (kind === "alerts:groups") return ok(groups(this.stated(query), query));
    if (kind === "alerts:summary") return ok(summary(filtered(this.all, query), query));
    if (kind !== "alerts") return null;
    if (id) return this.one(id);
    const found = page(
      query.has("filter.in_group.by") ? this.members(query) : filtered(this.all, query),
      query,
    );
    return ok({ ...found, alerts: this.desk.withState(found.alerts) });
  }

  private one(id: string): Answer {
    const row = this.all.find((a) => a.alertId === id);
    const template = this.template.get(id);
    if (!row || !template) return { status: 404, body: { code: 5, message: `No alert ${id}.` } };
    const [stated = row] = this.desk.withState([row]);
    return ok(detailOf(template, stated));
  }

  private around(query: URLSearchParams) {
    const from = Number(query.get("from_ms"));
    const to = Number(query.get("to_ms"));
    const row = this.all.find(
      (a) => a.host === query.get("host") && Number(a.timeMs) >= from && Number(a.timeMs) < to,
    );
    const template = row && this.template.get(row.alertId);
    return row && template ? neighboursOf(template, row, from, to) : [];
  }

  /** What the filter matches, by triage too. */
  private stated(query: URLSearchParams): FakeAlert[] {
    const states = query.getAll("filter.states");
    const verdicts = query.getAll("filter.verdicts");
    const assignees = query.getAll("filter.assignees");
    return filtered(this.all, query).filter((alert) => {
      const said: { verdict?: string; assignee?: string } = this.desk.of(alert.alertId);
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

  private members(query: URLSearchParams): FakeAlert[] {
    const by = query.get("filter.in_group.by") ?? "";
    const id = query.get("filter.in_group.id") ?? "";
    return this.stated(query).filter((alert) => groupsOf(alert, by).includes(id));
  }

  get listeners(): number {
    return this.streams.size;
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
    this.all.unshift(...batch);
    this.log.push(...batch);
    for (const stream of this.streams) this.send(stream, batch);
  }

  private send(stream: { response: ServerResponse; query: URLSearchParams }, batch: FakeAlert[]) {
    const alerts = filtered(batch, stream.query);
    const cursor = String(this.log.length);
    stream.response.write(`id: ${cursor}\nevent: alerts\ndata: ${JSON.stringify({ alerts, cursor })}\n\n`);
  }

  drop() {
    for (const { response } of this.streams) response.destroy();
    this.streams.clear();
  }

  stream(request: IncomingMessage, response: ServerResponse, query: URLSearchParams) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const entry = { response, query };
    this.streams.add(entry);
    request.on("close", () => this.streams.delete(entry));
    const cursor = request.headers["last-event-id"] ?? query.get("cursor");
    const missed = cursor ? this.log.slice(Number(cursor)) : [];
    this.heartbeat(response);
    if (missed.length > 0) this.send(entry, missed);
  }

  /** Says to all streams that they are alive. */
  beat() {
    for (const { response } of this.streams) this.heartbeat(response);
  }

  private heartbeat(response: ServerResponse) {
    const cursor = String(this.log.length);
    response.write(
      `id: ${cursor}\nevent: heartbeat\ndata: ${JSON.stringify({ cursor, serverTimeMs: String(Date.now()) })}\n\n`,
    );
  }
}

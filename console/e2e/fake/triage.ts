import { readFileSync } from "node:fs";
import type { FakeAlert } from "./data.ts";

/** A day that the control API's own code has sealed, of tenant acme. */
const SEALED = JSON.parse(
  readFileSync(new URL("../../src/audit/sealedDay.json", import.meta.url), "utf8"),
) as { root: { day: string }; records: { record: FakeRecord }[] };

interface Said {
  timeMs: string;
  author: string;
  disposition?: { verdict: string; comment: string };
  assignment?: { assignee: string };
}

export interface FakeRecord {
  sequence: string;
  timeUs: string;
  actor: string;
  method: string;
  resource: string;
  outcome: string;
  detail: string;
  requestId: string;
  remoteAddress: string;
  previousHash: string;
  hash: string;
}

export interface Posted {
  alertIds: string[];
  verdict?: string;
  comment?: string;
  assignee?: string;
}

/** What people say about alerts of a tenant, and the audit log of it. */
export class Desk {
  private readonly said = new Map<string, Said[]>();
  readonly records: FakeRecord[] = [];
  /** The record that somebody has tampered with, 0 for none. */
  broken = 0;
  private readonly sealed: boolean;

  constructor(tenant: string) {
    this.sealed = tenant === "acme";
    if (this.sealed) {
      this.records.push(...SEALED.records.map((each) => each.record));
      return;
    }
    const hostile = tenant === "hostile";
    for (let i = 0; i < (tenant === "empty" ? 0 : 240); i++) {
      const refused = i % 9 === 0;
      this.record(
        hostile ? "user:<img src=x onerror=window.pwned=8>\u202e@hostile" : "user:ada@acme",
        refused ? "AccessService/ListUsers" : "RuleDeploymentService/DeployRules",
        hostile ? '"><svg onload=window.pwned=9>\u200b' : `rules ${i}`,
        refused ? "refused" : "changed",
        hostile ? '{"note":"<script>window.pwned=10</script>\u202e"}' : '{"stage":"shadow"}',
        Date.now() - (240 - i) * 60_000,
      );
    }
  }

  private record(
    actor: string,
    method: string,
    resource: string,
    outcome: string,
    detail: string,
    at = Date.now(),
  ) {
    const sequence = this.records.length + 1;
    const hash = (n: number) => Buffer.from(`hash of record ${n}`.padEnd(32, ".")).toString("base64");
    this.records.push({
      sequence: String(sequence),
      timeUs: String(at * 1000),
      actor,
      method: `tidewatch.control.v1.${method}`,
      resource,
      outcome,
      detail,
      requestId: `req-${sequence}`,
      remoteAddress: "127.0.0.1",
      previousHash: hash(sequence - 1),
      hash: hash(sequence),
    });
  }

  private add(ids: string[], event: Said) {
    for (const id of ids) this.said.set(id, [...(this.said.get(id) ?? []), event]);
  }

  dispose(author: string, posted: Posted) {
    const disposition = { verdict: posted.verdict ?? "", comment: posted.comment ?? "" };
    this.add(posted.alertIds, { timeMs: String(Date.now()), author, disposition });
    this.record(
      author,
      "AlertService/SetDisposition",
      `alerts ${posted.alertIds[0]}`,
      "changed",
      JSON.stringify(disposition),
    );
    return { alerts: posted.alertIds.length };
  }

  assign(author: string, posted: Posted) {
    const assignment = { assignee: posted.assignee ?? "" };
    this.add(posted.alertIds, { timeMs: String(Date.now()), author, assignment });
    this.record(
      author,
      "AlertService/AssignAlerts",
      `alerts ${posted.alertIds[0]}`,
      "changed",
      JSON.stringify(assignment),
    );
    return { alerts: posted.alertIds.length };
  }

  of(id: string) {
    const events = this.said.get(id) ?? [];
    const verdict = events.findLast((each) => each.disposition)?.disposition?.verdict;
    const assignee = events.findLast((each) => each.assignment)?.assignment?.assignee;
    return { ...(verdict ? { verdict } : {}), ...(assignee ? { assignee } : {}), events };
  }

  /** As the API's lists have it. */
  withState(alerts: FakeAlert[]) {
    return alerts.map((alert) => {
      const { events: _, ...state } = this.of(alert.alertId);
      return { ...alert, ...state };
    });
  }

  verdicts(alerts: FakeAlert[], ruleId: string) {
    const of = (verdict: string) =>
      String(alerts.filter((a) => a.ruleId === ruleId && this.of(a.alertId).verdict === verdict).length);
    return {
      rules: [
        {
          ruleId,
          truePositives: of("VERDICT_TRUE_POSITIVE"),
          falsePositives: of("VERDICT_FALSE_POSITIVE"),
          benign: of("VERDICT_BENIGN"),
        },
      ],
    };
  }

  page(query: URLSearchParams) {
    const size = Number(query.get("page_size") ?? 200);
    const before = Number(query.get("page_token") ?? Number.MAX_SAFE_INTEGER);
    const actor = query.get("actor");
    const outcome = query.get("outcome");
    const method = query.get("method") ?? "";
    const from = Number(query.get("from_ms") ?? 0) * 1000;
    const to = Number(query.get("to_ms") ?? 0) * 1000;
    const found = this.records
      .filter((r) => Number(r.sequence) < before)
      .filter((r) => (!actor || r.actor === actor) && (!outcome || r.outcome === outcome))
      .filter((r) => r.method.endsWith(method))
      .filter((r) => (!from || Number(r.timeUs) >= from) && (!to || Number(r.timeUs) < to))
      .reverse();
    const records = found.slice(0, size);
    const last = records.at(-1);
    return { records, ...(found.length > size && last ? { nextPageToken: last.sequence } : {}) };
  }

  verify() {
    const head = this.records.at(-1)?.hash ?? "";
    if (!this.broken) return { intact: true, records: String(this.records.length), head, signedDays: 3 };
    return {
      records: String(this.records.length),
      brokenSequence: String(this.broken),
      reason: "its hash is not that of what it says",
    };
  }

  /** Three records to a page, so that there are several. */
  exported(query: URLSearchParams) {
    if (this.sealed) {
      if (this.broken === 0) return SEALED;
      const path = ["c29tZXRoaW5nIGVsc2UsIDMyIGJ5dGVzIGxvbmcuLi4="];
      return { ...SEALED, records: SEALED.records.map((each) => ({ ...each, path })) };
    }
    const from = Number(query.get("page_token") ?? 0);
    const day = this.records.slice(0, 7);
    return {
      root: {
        day: query.get("day"),
        firstSequence: "1",
        lastSequence: "7",
        root: "cm9vdA==",
        signature: "c2ln",
      },
      records: day.slice(from, from + 3).map((record, i) => ({
        record,
        leafIndex: String(from + i),
        path: ["c2libGluZw=="],
      })),
      ...(from + 3 < day.length ? { nextPageToken: String(from + 3) } : {}),
    };
  }
}

import { type Answer, HOSTILE, HOUR, now, ok, type Row, refused, type Service, uuid } from "./answer.ts";

interface FakeTenant {
  tenantId: string;
  displayName: string;
  createdMs: string;
  deletedMs?: string;
  suspendedMs?: string;
}

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

/** How long a tenant's rows are kept. */
export function retention(): Service {
  let kept: Row = { eventsDays: 30, alertsDays: 365 };
  return (method, _, body) => {
    if (method === "PUT") kept = { eventsDays: body["eventsDays"], alertsDays: body["alertsDays"] };
    return ok(kept);
  };
}

/** What a tenant may have and send in. */
export function quotas(): Service {
  let set: Row = { users: "50", eventsPerSecond: "20000" };
  return (method, _, body) => {
    if (method === "PUT") set = strings(body["quotas"] as Row);
    return ok(set);
  };
}

const strings = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));

/** What came in. */
export const ingestUsage =
  (tenant: string): Service =>
  () =>
    ok({ hours: tenant === "empty" ? [] : usage() });

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

import { type Answer, evilOf, HOUR, now, ok, type Row, refused, uuid } from "./answer.ts";

/** A tenant's endpoints, what they were told and how they are configured. */
export class Agents {
  private readonly agents: Row[] = [];
  private readonly ordered: Row[] = [];
  private configurations: Row[] = [{ version: "6", content: "[collectors]\nprocesses = true\n" }];
  private readonly tenant: string;
  private readonly evil: string;
  private readonly newId: () => string;

  constructor(tenant: string, newId: () => string) {
    this.tenant = tenant;
    this.newId = newId;
    this.evil = evilOf(tenant);
    if (tenant === "empty") return;
    const { evil } = this;
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
  }

  answer(method: string, asked: string, body: Row): Answer {
    const [id = "", verb = ""] = asked.split(":");
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
      commandId: this.newId(),
      agentId,
      command: { ...command, issuedBy: "operator:local" },
      issuedMs: now(),
      expiresMs: String(Date.now() + Number(body["validSeconds"]) * 1000),
      sentMs: now(),
    };
    this.ordered.unshift(made);
    return ok(made);
  }

  commandsOf(_method: string, id: string): Answer {
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
    const { evil } = this;
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

  configured(method: string, _id: string, body: Row): Answer {
    if (method === "GET") return ok({ configurations: this.configurations });
    const old = this.configurations.find((each) => each["agentId"] === body["agentId"]);
    const version = String(Number(old?.["version"] ?? 6) + 1);
    const made = { agentId: body["agentId"], content: body["content"], version, changedMs: now() };
    this.configurations = [...this.configurations.filter((each) => each !== old), made];
    return ok(made);
  }

  private commands(): Row[] {
    const { evil } = this;
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

import { type Answer, evilOf, now, ok, type Row, refused, uuid } from "./answer.ts";

/** What rules take the values of placeholders from. */
export class ValueLists {
  private lists: Row[] = [];
  private readonly tenant: string;

  constructor(tenant: string) {
    this.tenant = tenant;
    if (tenant === "empty") return;
    const evil = evilOf(tenant);
    this.lists = [
      {
        name: "admin_hosts",
        version: 3,
        entries: evil ? [evil, "ws-02"] : ["ws-01", "ws-02"],
        changedBy: `user:ada@${tenant}${evil}`,
        changedMs: now(),
        rules: 2,
        usedBy: [
          { ruleId: uuid(1), title: `Logon to an Admin Host${evil}` },
          { ruleId: uuid(2), title: "Service on an Admin Host" },
        ],
      },
    ];
  }

  answer(method: string, name: string, body: Row): Answer {
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

  /** Somebody else changes a list meanwhile. */
  meanwhile() {
    for (const list of this.lists) list["version"] = Number(list["version"]) + 1;
  }
}

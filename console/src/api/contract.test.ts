import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Contract, camel } from "../../e2e/fake/contract.ts";
import { type FakeApi, startFakeApi } from "../../e2e/fake/server.ts";

const contract = new Contract();

describe("the contract as the protobufs have it", () => {
  it("knows methods by their addresses", () => {
    expect(contract.methodOf("GET", "/v1/tenants/acme/alerts/x")?.name).toBe("GetAlert");
    expect(contract.methodOf("GET", "/v1/tenants/acme/alerts:summary")?.name).toBe("SummarizeAlerts");
    expect(contract.methodOf("POST", "/v1/tenants/acme/rules/r1:rollback")?.name).toBe("RollbackRule");
    expect(contract.methodOf("GET", "/v1/nothing")).toBeUndefined();
  });

  it("names what is wrong with a message, and where", () => {
    const wrong = {
      alerts: [{ timeMs: 5, level: "LEVEL_GRAVE", techniqueIds: "T1", logSource: { produkt: "x" } }],
      total: "1",
      nextPageToken: 7,
    };
    expect(contract.problems("ListAlertsResponse", wrong)).toEqual([
      "ListAlertsResponse.alerts[0].timeMs is 5, not a 64-bit number, as text",
      'ListAlertsResponse.alerts[0].level is "LEVEL_GRAVE", not one of Level',
      "ListAlertsResponse.alerts[0].techniqueIds is no list",
      "ListAlertsResponse.alerts[0].logSource has no produkt",
      "ListAlertsResponse.nextPageToken is 7, not text",
    ]);
    expect(contract.problems("PipelineHealth", { stages: [{ name: "match", busyShare: 0.5 }] })).toEqual([]);
    expect(contract.problems("PipelineHealth", { status: "STATUS_FINE" })).toHaveLength(1);
  });

  it("refuses parameters and members that no field has", () => {
    const url = (text: string) => new URL(text, "http://fake");
    expect(
      contract.question("GET", url("/v1/tenants/a/alerts?filter.rule_id=x&page_size=2"), undefined),
    ).toEqual([]);
    expect(contract.question("GET", url("/v1/tenants/a/alerts?filter.rulez=x"), undefined)).toHaveLength(1);
    expect(
      contract.question("POST", url("/v1/tenants/a/alerts:assign"), { alertIds: [], assignee: "" }),
    ).toEqual([]);
    expect(contract.question("POST", url("/v1/tenants/a/alerts:assign"), { who: "x" })).toHaveLength(1);
  });

  it("writes names as proto3 JSON does", () => {
    expect(camel("alerts_24h")).toBe("alerts24h");
    expect(camel("events_in_per_second")).toBe("eventsInPerSecond");
  });
});

describe("the fake API", () => {
  let fake: FakeApi;
  beforeAll(async () => {
    fake = await startFakeApi({ port: 0, live: false });
  });
  afterAll(() => fake.close());

  const addresses = [
    "/v1/pipeline/health",
    ...["a", "hostile", "empty"].flatMap((tenant) =>
      [
        "alerts",
        "alerts:summary",
        "alerts:verdicts",
        "rules",
        "rulestatus",
        "rulefigures",
        "rules?stages=RULE_STAGE_DRAFT&stages=RULE_STAGE_LIVE",
        "vocabulary",
        "deadletters",
        "logsources",
        "audit",
        "audit:verify",
      ].map((rest) => `/v1/tenants/${tenant}/${rest}`),
    ),
  ];
  it.each(addresses)("answers %s in the contract's shape", async (address) => {
    const response = await fetch(fake.url + address);
    const body: unknown = await response.json();
    expect(response.status, JSON.stringify(body)).toBe(200);
    expect(contract.answer("GET", new URL(address, fake.url).pathname, body)).toEqual([]);
  });

  it("answers about one rule, its versions and its history, and changes it, in the contract's shape", async () => {
    const rule = "/v1/tenants/a/rules/f0000001-5c1d-7e00-8a00-00009e3779b1";
    for (const rest of ["", "/versions", "/versions/14", "/history"]) {
      const response = await fetch(fake.url + rule + rest);
      expect(response.status, await response.clone().text()).toBe(200);
    }
    const stage = { version: 14, stage: "RULE_STAGE_LIVE", comment: "gates are met" };
    for (const [rest, body] of [
      [":stage", stage],
      [":rollback", {}],
      [":retire", {}],
    ] as const) {
      const response = await fetch(fake.url + rule + rest, { method: "POST", body: JSON.stringify(body) });
      expect(response.status, await response.clone().text()).toBe(200);
    }
  });

  it("answers a question that the contract does not have with an error, so that tests fail", async () => {
    const response = await fetch(`${fake.url}/v1/tenants/a/alerts?nonsense=1`);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("no parameter nonsense");
  });
});

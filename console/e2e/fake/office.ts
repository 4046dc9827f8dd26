import { apiKeys, Credentials, enrolmentTokens, Users } from "./access.ts";
import { Agents } from "./agents.ts";
import { type Answer, type Row, type Service, uuid } from "./answer.ts";
import { savedFilters } from "./savedFilters.ts";
import { ingestUsage, quotas, retention } from "./tenants.ts";
import { ValueLists } from "./valueLists.ts";

/** What the administration of a tenant has, by the name that follows the tenant in the path. */
export class Office {
  private readonly services: Record<string, Service>;
  private readonly lists: ValueLists;

  constructor(tenant: string) {
    let next = 100;
    const newId = () => uuid(next++);
    const users = new Users(tenant, newId);
    const keys = new Credentials("apiKey", apiKeys(tenant, newId), newId);
    const tokens = new Credentials("token", enrolmentTokens(tenant, newId), newId);
    const agents = new Agents(tenant, newId);
    this.lists = new ValueLists(tenant);
    this.services = {
      users: (...asked) => users.answer(...asked),
      apikeys: (...asked) => keys.answer(...asked),
      enrolmenttokens: (...asked) => tokens.answer(...asked),
      valuelists: (...asked) => this.lists.answer(...asked),
      savedfilters: savedFilters(tenant, newId),
      agents: (...asked) => agents.answer(...asked),
      agentcommands: (method, id) => agents.commandsOf(method, id),
      agentconfigurations: (...asked) => agents.configured(...asked),
      ingestusage: ingestUsage(tenant),
      retention: retention(),
      quotas: quotas(),
    };
  }

  has(kind: string): boolean {
    return kind in this.services;
  }

  answer(method: string, kind: string, id: string, body: Row): Answer {
    return (
      this.services[kind]?.(method, id, body) ?? { status: 404, body: { code: 5, message: `No ${kind}.` } }
    );
  }

  /** Somebody else changes a list meanwhile. */
  meanwhile() {
    this.lists.meanwhile();
  }
}

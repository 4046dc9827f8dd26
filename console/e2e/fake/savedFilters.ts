import { evilOf, now, ok, type Row, type Service, uuid } from "./answer.ts";

/** Queries under a name. */
export function savedFilters(tenant: string, newId: () => string): Service {
  const evil = evilOf(tenant);
  const saved: Row[] = [];
  if (tenant !== "empty") {
    saved.push({
      filterId: uuid(700),
      name: `Severe${evil}`,
      query: `severity:>=high${evil && ` "${evil.replaceAll('"', "")}"`}`,
      owner: `user:ada@${tenant}${evil}`,
      shared: true,
      changedMs: now(),
    });
  }
  return (method, id, body) => {
    if (method === "GET") return ok({ filters: saved });
    const at = saved.findIndex((each) => each["filterId"] === id);
    if (method === "DELETE") {
      saved.splice(at, 1);
      return ok({});
    }
    const made = { filterId: newId(), owner: "operator:local", mine: true, changedMs: now() };
    const kept = { ...made, ...saved[at], ...body };
    if (at < 0) saved.push(kept);
    else saved[at] = kept;
    return ok(kept);
  };
}

import type { AlertFilter } from "../api/filter";
import { LEVELS, type Level } from "../api/wire";
import { parseQuery, withField } from "../query/parseQuery";
import { type State, shortName } from "../triage/verdicts";

/** The query that narrows to a state. */
export function withState(query: string, state: State): string {
  if (state !== "open") return withField(query, "status", state);
  return parseQuery(query)
    .tokens.filter((token) => token.field !== "status")
    .map((token) => token.raw)
    .join(" ");
}

/** A view narrows to one level. */
export function inView(filter: AlertFilter, view: Level | ""): AlertFilter {
  if (!LEVELS.includes(view as Level)) return filter;
  return { ...filter, levels: [view as Level] };
}

/** Groups are counted by the server, so it has to know whose “mine” is. */
export function ofWhom(
  filter: AlertFilter,
  state: State,
  me: { actor: string; tenantId: string } | null,
): AlertFilter {
  if (state !== "mine" || !me) return filter;
  const name = shortName(me.actor);
  const assignees = me.actor === `user:${name}@${me.tenantId}` ? [me.actor, name] : [me.actor];
  return { ...filter, assignees };
}

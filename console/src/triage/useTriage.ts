import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { assignAlerts, getRuleVerdicts, getTriage, MOST_AT_ONCE, setDisposition } from "../api/triage";
import type { AlertRow, TriageChange, Verdict } from "../api/wire";
import { toast } from "../app/toast";
import { may, useSession } from "../app/useSession";
import { plural } from "../parts/numbers";
import { type Decision, isMe, shortName, VERDICT_NAME } from "./verdicts";

export const UNDO_MS = 10_000;

interface State {
  verdict?: Verdict;
  assignee?: string;
}
type Overlay = ReadonlyMap<string, State>;
const NONE: Overlay = new Map();
/** Just longer than a left queue's rows are kept: then the server's rows say it themselves. */
const OVERLAY_MS = 31_000;

const overlayKey = (tenant: string) => ["triage-overlay", tenant];

/** What was decided here since the rows were read, over the rows. */
export function useOverlay(tenant: string): Overlay {
  return useQuery({
    queryKey: overlayKey(tenant),
    queryFn: () => NONE,
    enabled: false,
    initialData: NONE,
    gcTime: OVERLAY_MS,
    structuralSharing: false,
  }).data;
}

export function withTriage<R extends Pick<AlertRow, "alertId" | "verdict" | "assignee">>(
  row: R,
  overlay: Overlay,
): R {
  const state = overlay.get(row.alertId);
  return state ? { ...row, ...state } : row;
}

function lay(client: QueryClient, tenant: string, states: Iterable<[string, State]>) {
  client.setQueryData<Overlay>(overlayKey(tenant), (before = NONE) => {
    const next = new Map(before);
    for (const [id, state] of states) next.set(id, { ...next.get(id), ...state });
    return next;
  });
}

/** What the server tells of triage, by whomever: it is the newest word. */
export function layTold(client: QueryClient, tenant: string, changes: readonly TriageChange[]) {
  lay(
    client,
    tenant,
    changes.map((told): [string, State] => [
      told.alertId,
      { verdict: told.verdict || "open", assignee: told.assignee },
    ]),
  );
  client.invalidateQueries({ queryKey: ["triage", tenant] });
}

/** The last change, while it can be taken back. */
export interface Undoable {
  words: string;
  alertIds: string[];
  run: () => Promise<void>;
}

let undoable: Undoable | null = null;
let expiry: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function offer(next: Undoable | null) {
  clearTimeout(expiry);
  undoable = next;
  if (next) expiry = setTimeout(() => offer(null), UNDO_MS);
  for (const listener of listeners) listener();
}

/** Nothing is left to take back of a change that the server refused. */
function offerWhile(sent: Promise<void>, next: Undoable) {
  offer(next);
  sent.catch(() => {
    if (undoable === next) offer(null);
  });
}

export function useUndoable(): Undoable | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => undoable,
  );
}

/** Takes the last change back; the ids of its alerts, none when there is nothing to take back. */
export function undo(): string[] {
  const last = undoable;
  if (!last) return [];
  offer(null);
  last.run().catch(() => undefined);
  return last.alertIds;
}

/** Another tenant's pages, or nobody's: nothing is left to take back. */
export function forgetUndo() {
  offer(null);
}

let tail: Promise<unknown> = Promise.resolve();

/** Changes reach the server in the order of the keys, however slow it is: the newest word counts. */
function inOrder<T>(send: () => Promise<T>): Promise<T> {
  const sent = tail.then(send);
  tail = sent.catch(() => undefined);
  return sent;
}

/** Every change shows at once and is put back, with words, when the server refuses it. */
export function useTriage(tenant: string) {
  const client = useQueryClient();
  const session = useSession();
  return useMemo(() => {
    const refresh = () => client.invalidateQueries({ queryKey: ["triage", tenant] });
    /** Shows `after`, sends, and puts `before` back when that fails. */
    const change = async (
      before: [string, State][],
      after: [string, State][],
      send: () => Promise<unknown>,
    ) => {
      lay(client, tenant, after);
      try {
        await inOrder(send);
      } catch (error) {
        lay(client, tenant, before);
        toast(`Nothing was changed: ${error instanceof Error ? error.message : "no answer"}`);
        throw error;
      } finally {
        refresh();
      }
    };
    const decide = (rows: readonly AlertRow[], verdict: Decision, comment: string) => {
      const before = rows.map((row): [string, State] => [row.alertId, { verdict: row.verdict || "open" }]);
      const ids = before.map(([id]) => id);
      const sent = change(
        before,
        ids.map((id) => [id, { verdict }]),
        () => setDisposition(tenant, ids, verdict, comment),
      );
      // Taken back by another event; when the first was refused there is nothing to take back.
      offerWhile(sent, {
        words: `${VERDICT_NAME[verdict]}: ${plural(rows.length, "alert")}`,
        alertIds: ids,
        run: () =>
          change(
            ids.map((id) => [id, { verdict }]),
            before,
            () =>
              sent.then(
                () =>
                  inGroups(
                    before,
                    ([, state]) => state.verdict ?? "open",
                    (group, earlier) => setDisposition(tenant, group, earlier, "Taken back"),
                  ),
                () => undefined,
              ),
          ),
      });
    };
    const assign = (rows: readonly AlertRow[]) => {
      if (!session?.actor) {
        toast("Nobody is signed in, so there is nobody to assign to.");
        return;
      }
      const before = rows.map((row): [string, State] => [row.alertId, { assignee: row.assignee }]);
      const ids = before.map(([id]) => id);
      const me = session.actor;
      const sent = change(
        before,
        ids.map((id) => [id, { assignee: me }]),
        () => assignAlerts(tenant, ids, me),
      );
      offerWhile(sent, {
        words: `Assigned to you: ${plural(rows.length, "alert")}`,
        alertIds: ids,
        run: () =>
          change(
            ids.map((id) => [id, { assignee: me }]),
            before,
            () =>
              sent.then(
                () =>
                  // Others are named as users; only the caller may be named as actor.
                  inGroups(
                    before,
                    ([, state]) => state.assignee ?? "",
                    (group, earlier) =>
                      assignAlerts(tenant, group, isMe(earlier, session) ? earlier : shortName(earlier)),
                  ),
                () => undefined,
              ),
          ),
      });
    };
    /** A note is a disposition that repeats the newest verdict, read first so that it overrules nobody. */
    const note = async (rows: readonly AlertRow[], text: string) => {
      try {
        const now = await inOrder(async () => {
          const newest = await Promise.all(
            rows.map(async (row): Promise<[string, Verdict]> => {
              const triage = await getTriage(tenant, row.alertId);
              return [row.alertId, triage.verdict || "open"];
            }),
          );
          await inGroups(
            newest,
            ([, verdict]) => verdict,
            (group, verdict) => setDisposition(tenant, group, verdict, text),
          );
          return newest;
        });
        lay(
          client,
          tenant,
          now.map(([id, verdict]) => [id, { verdict }]),
        );
        toast(`Note kept on ${plural(rows.length, "alert")}`);
      } catch (error) {
        toast(`The note was not kept: ${error instanceof Error ? error.message : "no answer"}`);
      } finally {
        refresh();
      }
    };
    return { decide, assign, note, allowed: may(session, "alerts_triage"), me: session };
  }, [client, tenant, session]);
}

export type Triage = ReturnType<typeof useTriage>;

/** One call for each value that `by` gives, for the ids that have it. */
async function inGroups<T extends readonly [string, unknown], V>(
  items: readonly T[],
  by: (item: T) => V,
  send: (ids: string[], value: V) => Promise<unknown>,
) {
  const groups = new Map<V, string[]>();
  for (const item of items) {
    const value = by(item);
    const group = groups.get(value);
    if (group) group.push(item[0]);
    else groups.set(value, [item[0]]);
  }
  for (const [value, ids] of groups) {
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) await send(ids.slice(at, at + MOST_AT_ONCE), value);
  }
}

/** What was said about one alert. */
export function useTriageOf(tenant: string, id: string) {
  return useQuery({
    queryKey: ["triage", tenant, id],
    queryFn: ({ signal }) => getTriage(tenant, id, signal),
    staleTime: 15_000,
  });
}

/** How often a rule was right. */
export function useRuleVerdicts(tenant: string, ruleId: string) {
  return useQuery({
    queryKey: ["triage", tenant, "rule", ruleId],
    queryFn: ({ signal }) => getRuleVerdicts(tenant, ruleId, signal),
    staleTime: 60_000,
  });
}

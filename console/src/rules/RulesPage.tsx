import "../styles/rules.css";
import { type RefObject, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { usePipelineHealth } from "../app/TopBar";
import { useUrlState } from "../app/urlState";
import { KeyHint } from "../parts/Key";
import { plural, whole } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { Problems } from "./Problems";
import { RuleFilters, SearchField } from "./RuleFilters";
import { inListOrder, RuleList } from "./RuleList";
import { RulePanel } from "./RulePanel";
import { RuleTable } from "./RuleTable";
import { matching, type RuleQuery, type RuleRow, SORTS, sorted } from "./rows";
import { useRuleRows } from "./useRuleRows";

/** All rules with their figures; or one of them beside the list. */
export default function RulesPage({ tenant, id }: { tenant: string; id: string }) {
  const search = useRef<HTMLInputElement>(null);
  const data = useRuleRows(tenant);
  return id ? (
    <OneRule tenant={tenant} id={id} data={data} search={search} />
  ) : (
    <AllRules tenant={tenant} data={data} search={search} />
  );
}

type Data = ReturnType<typeof useRuleRows>;

interface Props {
  tenant: string;
  data: Data;
  search: RefObject<HTMLInputElement | null>;
}

const queryOf = (url: URLSearchParams): RuleQuery => ({
  text: url.get("q") ?? "",
  state: url.get("state") ?? "",
  level: url.get("level") ?? "",
  kind: url.get("kind") ?? "",
});

function AllRules({ tenant, data, search }: Props) {
  const [url, change] = useUrlState();
  const { rules, statuses, rows } = data;
  const sort = SORTS.find((each) => each === url.get("sort")) ?? "alerts";
  const query = queryOf(url);
  const key = JSON.stringify(query);
  const shown = useMemo(() => sorted(matching(rows, JSON.parse(key)), sort), [rows, key, sort]);
  const health = usePipelineHealth();
  const filtered = Object.values(query).some(Boolean);
  useKeys({ "/": () => search.current?.focus() });
  return (
    <main className="pg rules-all">
      <RuleFilters
        tenant={tenant}
        url={url}
        change={change}
        search={search}
        count={rules.data?.rules.length}
      />
      <Waiting data={data} />
      <div className="rt-box">
        {rules.isPending && <Skeleton rows={18} label="Loading rules" />}
        {rules.error && (
          <ErrorBox what="Rules could not be read." error={rules.error} onRetry={() => rules.refetch()} />
        )}
        {rules.data && shown.length === 0 && (
          <EmptyState title={filtered ? "No rule matches." : "No rules are loaded."}>
            {filtered ? (
              <button
                type="button"
                className="btn"
                onClick={() => change({ q: null, state: null, level: null, kind: null })}
              >
                Clear the filters
              </button>
            ) : (
              <p className="t2">
                Write one, or start with <code>--rules DIR</code>.
              </p>
            )}
          </EmptyState>
        )}
        {shown.length > 0 && (
          <RuleTable
            tenant={tenant}
            rows={shown}
            matchedEvents={health.data?.matchedEvents}
            search={window.location.search}
            sort={sort}
            onSort={(by) => change({ sort: by === "alerts" ? null : by })}
          />
        )}
      </div>
      {rules.data && rules.data.diagnostics.length > 0 && <Problems diagnostics={rules.data.diagnostics} />}
      <footer className="ft">
        <span>
          {plural(shown.length, "rule")}
          {filtered && ` of ${whole(rows.length)}`}
        </span>
        <span className="sep" />
        <span>{statuses.data && running(rows, statuses.data)}</span>
        <span className="sp" />
        <KeyHint keys="/">search</KeyHint>
        <KeyHint keys="?">all keys</KeyHint>
      </footer>
    </main>
  );
}

function running(
  rows: readonly RuleRow[],
  status: { subtasks: number; active: number; revision: number },
): string {
  const live = rows.filter((each) => each.stage === "live").length;
  const shadow = rows.filter((each) => each.versions.some((one) => one.stage === "shadow")).length;
  const where =
    status.subtasks === 0
      ? "no job reports"
      : `revision ${whole(status.revision)} is active on ${status.active} of ${status.subtasks} subtasks`;
  return `${whole(live)} live, ${whole(shadow)} in shadow; ${where}`;
}

/** What stands between what is recorded and what runs. */
function Waiting({ data: { statuses } }: { data: Data }) {
  const status = statuses.data;
  if (statuses.error) {
    return (
      <ErrorBox
        what="What runs could not be read."
        error={statuses.error}
        onRetry={() => statuses.refetch()}
      />
    );
  }
  if (!status?.waitsForKafka) return null;
  return (
    <p className="waits" role="status">
      Revision {whole(status.revision)} is recorded and waits for Kafka. What ran before goes on until it
      answers.
    </p>
  );
}

function OneRule({ tenant, id, data, search }: Props & { id: string }) {
  const [url, change] = useUrlState();
  const [, navigate] = useLocation();
  const { rules, rows } = data;
  const key = JSON.stringify(queryOf(url));
  const shown = useMemo(
    () => inListOrder(matching(rows, JSON.parse(key)).map((each) => each.rule)),
    [rows, key],
  );
  const at = shown.findIndex((rule) => rule.ruleId === id);
  const open = (ruleId: string | undefined) => {
    if (ruleId) navigate(routes.rule(tenant, ruleId) + window.location.search, { replace: true });
  };
  const move = (by: number) =>
    open(shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))]?.ruleId);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    e: () => navigate(routes.workbench(tenant, id)),
    "/": () => search.current?.focus(),
    Escape: () => navigate(routes.rules(tenant, window.location.search)),
  });
  return (
    <main className="pg rules">
      <h1 className="vh">Rules</h1>
      <aside className="rl" aria-label="Rules">
        <SearchField url={url} change={change} search={search} count={rules.data?.rules.length} />
        {rules.isPending && <Skeleton rows={18} label="Loading rules" />}
        {rules.error && (
          <ErrorBox what="Rules could not be read." error={rules.error} onRetry={() => rules.refetch()} />
        )}
        {rules.data && shown.length === 0 && <EmptyState title="No rule matches." />}
        <RuleList rules={shown} chosen={id} onOpen={(rule) => open(rule.ruleId)} />
      </aside>
      <div className="rule-main">
        <RulePanel key={id} tenant={tenant} id={id} row={rows.find((each) => each.rule.ruleId === id)} />
      </div>
      <footer className="ft">
        <span>
          {at >= 0 && `${at + 1} of `}
          {plural(shown.length, "rule")}
        </span>
        <span className="sep" />
        <KeyHint keys="jk">move</KeyHint>
        <KeyHint keys="e">edit</KeyHint>
        <span>
          <kbd>Esc</kbd>all rules
        </span>
        <KeyHint keys="?">all keys</KeyHint>
      </footer>
    </main>
  );
}

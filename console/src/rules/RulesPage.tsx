import { useMemo, useRef } from "react";
import { Link, useLocation } from "wouter";
import { useRules } from "../alerts/queries";
import type { Rule } from "../api/wire";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { useUrlState } from "../app/urlState";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { plural } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { Problems } from "./Problems";
import { inListOrder, RuleList } from "./RuleList";
import { RulePanel } from "./RulePanel";

export default function RulesPage({ tenant, id }: { tenant: string; id: string }) {
  const [url, change] = useUrlState();
  const [, navigate] = useLocation();
  const query = url.get("q") ?? "";
  const rules = useRules(tenant);
  const search = useRef<HTMLInputElement>(null);
  const shown = useMemo(() => inListOrder(matching(rules.data?.rules ?? [], query)), [rules.data, query]);
  const open = (rule: Rule | undefined, replace = true) => {
    if (rule)
      navigate(routes.rule(tenant, rule.ruleId) + (query ? `?q=${encodeURIComponent(query)}` : ""), {
        replace,
      });
  };
  const reading = id || (shown[0]?.ruleId ?? "");
  const at = shown.findIndex((rule) => rule.ruleId === reading);
  const move = (by: number) => open(shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))]);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    "/": () => search.current?.focus(),
    Escape: () => navigate(routes.rules(tenant, query ? `?q=${encodeURIComponent(query)}` : "")),
  });
  return (
    <main className="pg rules">
      <h1 className="vh">Rules</h1>
      <aside className="rl" aria-label="Rules">
        <label className="se">
          <Icon name="search" />
          <span className="vh">Search rules</span>
          <input
            ref={search}
            value={query}
            placeholder={rules.data ? plural(rules.data.rules.length, "rule") : "Rules"}
            spellCheck={false}
            onChange={(event) => change({ q: event.target.value })}
            onKeyDown={(event) => {
              if (event.key === "Escape") event.currentTarget.blur();
            }}
          />
          <Key name="/" />
        </label>
        <Link className="btn low new-rule" href={routes.workbench(tenant)}>
          New rule
        </Link>
        {rules.isPending && <Skeleton rows={18} label="Loading rules" />}
        {rules.error && (
          <ErrorBox what="Rules could not be read." error={rules.error} onRetry={() => rules.refetch()} />
        )}
        {rules.data && shown.length === 0 && (
          <EmptyState title={query ? "No rule matches." : "No rules are loaded."}>
            {query ? (
              <button type="button" className="btn" onClick={() => change({ q: null })}>
                Clear the search
              </button>
            ) : (
              <p className="t2">
                Start with <code>--rules DIR</code>.
              </p>
            )}
          </EmptyState>
        )}
        <RuleList rules={shown} chosen={reading} onOpen={(rule) => open(rule, id !== "")} />
      </aside>
      <div className="rule-main">
        {reading ? (
          <RulePanel key={reading} tenant={tenant} id={reading} />
        ) : (
          rules.data && <EmptyState title="No rule to read." />
        )}
        {rules.data && rules.data.diagnostics.length > 0 && <Problems diagnostics={rules.data.diagnostics} />}
      </div>
      <footer className="ft">
        <span>
          {at >= 0 && `${at + 1} of `}
          {plural(shown.length, "rule")}
        </span>
        <span className="sep" />
        <span>
          <Key name="j" />
          <Key name="k" />
          move
        </span>
        <span>
          <Key name="/" />
          search
        </span>
        <span>
          <Key name="?" />
          all keys
        </span>
      </footer>
    </main>
  );
}

function matching(rules: readonly Rule[], query: string): Rule[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rules.filter((rule) => {
    const text = [
      rule.title,
      rule.ruleId,
      rule.file,
      rule.logSource.product,
      rule.logSource.category,
      rule.logSource.service,
      ...rule.tags,
    ]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import type { Rule } from "../api/wire";
import { short, whole } from "../parts/numbers";
import { Severity } from "../parts/Severity";
import { plain } from "../text/defang";
import { HostileText } from "../text/HostileText";

const ROW_PX = 28;

type Line = { kind: "head"; name: string; count: number } | { kind: "rule"; rule: Rule };

/** Rules under their log source, those that fired most in the last day first. */
export function RuleList({
  rules,
  chosen,
  onOpen,
}: {
  rules: readonly Rule[];
  chosen: string;
  onOpen: (rule: Rule) => void;
}) {
  const lines = useMemo(() => grouped(rules), [rules]);
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const at = lines.findIndex((line) => line.kind === "rule" && line.rule.ruleId === chosen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new choice moves the list
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [chosen, at]);
  if (lines.length === 0) return null;
  return (
    <div className="rl-scroll" ref={scroll} tabIndex={0} role="region" aria-label="Rules by log source">
      <ul style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          const place = { transform: `translateY(${item.start}px)` };
          if (!line) return null;
          if (line.kind === "head") {
            return (
              <li key={`head ${line.name}`} className="gr" style={place}>
                <span className="el">
                  <HostileText text={line.name} />
                </span>
                <span className="sp" />
                {whole(line.count)}
              </li>
            );
          }
          const { rule } = line;
          return (
            <li key={rule.ruleId} style={place}>
              <button
                type="button"
                aria-current={rule.ruleId === chosen ? "true" : undefined}
                title={plain(rule.title)}
                onClick={() => onOpen(rule)}
              >
                <Severity level={rule.level} />
                <span className="el">
                  <HostileText text={rule.title} />
                </span>
                <span className="c">{rule.alerts24h > 0 && `${short(rule.alerts24h)}/d`}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Rules in the order in which they stand in the list. */
export function inListOrder(rules: readonly Rule[]): Rule[] {
  return grouped(rules).flatMap((line) => (line.kind === "rule" ? [line.rule] : []));
}

function grouped(rules: readonly Rule[]): Line[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const { product, category, service } = rule.logSource;
    const name = [product, category || service].filter(Boolean).join(" / ") || "any log source";
    const group = groups.get(name);
    if (group) group.push(rule);
    else groups.set(name, [rule]);
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([name, members]): Line[] => [
      { kind: "head", name, count: members.length },
      ...members
        .sort((a, b) => b.alerts24h - a.alerts24h || a.title.localeCompare(b.title))
        .map((rule): Line => ({ kind: "rule", rule })),
    ]);
}

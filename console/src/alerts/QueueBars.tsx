import { type AlertSummary, LEVELS, type Level } from "../api/wire";
import { Icon } from "../parts/Icon";
import { Key } from "../parts/Key";
import { plural, short, whole } from "../parts/numbers";
import { LEVEL_NAME } from "../parts/Severity";
import { TriageButtons } from "../triage/TriageButtons";
import type { Asked } from "../triage/VerdictDialog";
import type { AlertFeed } from "./useAlertFeed";

export function Views({
  summary,
  view,
  onView,
}: {
  summary: AlertSummary | undefined;
  view: string;
  onView: (view: string) => void;
}) {
  const count = (level: Level) => summary?.levels.find((each) => each.level === level)?.count ?? 0;
  return (
    <nav className="tabs" aria-label="Views">
      <button type="button" aria-current={view === "" ? "true" : undefined} onClick={() => onView("")}>
        All <b>{summary && short(summary.total)}</b>
      </button>
      {LEVELS.map((level) => (
        <button
          key={level}
          type="button"
          className={level === "critical" && count(level) > 0 ? "warn" : ""}
          aria-current={view === level ? "true" : undefined}
          onClick={() => onView(level)}
        >
          {LEVEL_NAME[level]} <b>{summary && short(count(level))}</b>
        </button>
      ))}
    </nav>
  );
}

export function Figures({ summary }: { summary: AlertSummary | undefined }) {
  const severe =
    summary?.levels.reduce(
      (n, each) => n + (each.level === "critical" || each.level === "high" ? each.count : 0),
      0,
    ) ?? 0;
  return (
    <dl className="mt">
      <Figure name="Alerts" value={summary && short(summary.total)} />
      <Figure name="Critical, high" value={summary && short(severe)} hot={severe > 0} />
      <Figure name="Hosts" value={summary && short(summary.hosts.length)} />
      <Figure name="Rules" value={summary && short(summary.rules.length)} />
    </dl>
  );
}

function Figure({ name, value, hot = false }: { name: string; value: string | undefined; hot?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={hot ? "hot" : ""}>{value ?? "–"}</dd>
    </div>
  );
}

export function LiveDot({ feed, paused }: { feed: AlertFeed; paused: boolean }) {
  if (paused) {
    return (
      <>
        <span className="dot w" />
        Paused
      </>
    );
  }
  const live = feed.connection === "live";
  return (
    <>
      <span className={`dot${live ? "" : " none"}`} />
      {live ? "Live" : "Connecting"}
    </>
  );
}

export function NewerBar({ feed, onShow }: { feed: AlertFeed; onShow: () => void }) {
  const count = feed.waiting.length;
  if (count === 0) return null;
  const critical = feed.waiting.filter((row) => row.level === "critical").length;
  return (
    <button type="button" className="nw" onClick={onShow}>
      <Icon name="up" />
      {plural(count, "newer alert")}
      {critical > 0 && `, ${whole(critical)} critical`}
      <Key name="." />
    </button>
  );
}

export function Bulk({
  count,
  allowed,
  onAsk,
  onAssign,
  onClear,
}: {
  count: number;
  allowed: boolean;
  onAsk: (what: Asked["what"]) => void;
  onAssign: () => void;
  onClear: () => void;
}) {
  return (
    <div className="bulk" role="toolbar" aria-label="Chosen alerts">
      <b>{whole(count)} chosen</b>
      <TriageButtons allowed={allowed} onAsk={onAsk} onAssign={onAssign} />
      <span className="sp" />
      <button type="button" className="btn q" onClick={onClear}>
        Clear<kbd>Esc</kbd>
      </button>
    </div>
  );
}

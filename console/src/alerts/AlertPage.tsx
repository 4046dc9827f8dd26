import "../styles/alert.css";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { ApiError } from "../api/fetchJson";
import type { AlertDetail } from "../api/wire";
import { useKeys } from "../app/keys";
import { routes } from "../app/routes";
import { useUrlState } from "../app/urlState";
import { KeyHint } from "../parts/Key";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { Tabs } from "../parts/Tabs";
import { plain } from "../text/defang";
import { UndoBar } from "../triage/UndoBar";
import { undo, useOverlay, useTriage, withTriage } from "../triage/useTriage";
import { type Asked, VerdictDialog } from "../triage/VerdictDialog";
import { AlertHeader } from "./AlertHeader";
import { EpisodePanel } from "./EpisodePanel";
import { Facts } from "./Facts";
import { FiredRule } from "./FiredRule";
import { copyLink } from "./Preview";
import { ProcessPanel } from "./ProcessPanel";
import { useAlert } from "./queries";
import { backSearch, rememberedQueue } from "./queueMemory";
import { RawEvent } from "./RawEvent";
import { Timeline } from "./Timeline";
import { neighbourRange, useNeighbours, WhatElse } from "./WhatElse";
import { WhyTable } from "./WhyTable";

const TABS = ["summary", "timeline", "raw", "rule"] as const;
type Tab = (typeof TABS)[number];

export function AlertPage({ tenant, id }: { tenant: string; id: string }) {
  const alert = useAlert(tenant, id);
  const title = alert.data?.alert.title;
  useEffect(() => {
    if (title) document.title = `${plain(title, 80)} · Tidewatch`;
  }, [title]);
  const overlay = useOverlay(tenant);
  if (alert.data) {
    const detail = { ...alert.data, alert: withTriage(alert.data.alert, overlay) };
    return <Loaded tenant={tenant} detail={detail} />;
  }
  return (
    <main className="pg-plain">
      {alert.error ? (
        <Failed tenant={tenant} error={alert.error} retry={() => alert.refetch()} />
      ) : (
        <Skeleton rows={16} label="Loading the alert" />
      )}
    </main>
  );
}

function Failed({ tenant, error, retry }: { tenant: string; error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.code === "NOT_FOUND") {
    return (
      <EmptyState title="No alert of this tenant has this id.">
        <p className="t2">It may have aged out, or the link is of another tenant.</p>
        <Link className="btn" href={routes.alerts(tenant)}>
          Go to alerts
        </Link>
      </EmptyState>
    );
  }
  return <ErrorBox what="This alert could not be read." error={error} onRetry={retry} />;
}

function Loaded({ tenant, detail }: { tenant: string; detail: AlertDetail }) {
  const [url, change] = useUrlState();
  const [, navigate] = useLocation();
  const { alert } = detail;
  const queue = rememberedQueue(tenant);
  const at = queue ? queue.order.indexOf(alert.alertId) : -1;
  const asked = url.get("tab") as Tab | null;
  const tab: Tab = asked && TABS.includes(asked) ? asked : "summary";
  const range = neighbourRange(alert, url.get("span"));
  const neighbours = useNeighbours(tenant, alert, range);
  const setTab = (next: Tab) => change({ tab: next === "summary" ? null : next });
  const back = () => navigate(routes.alerts(tenant, backSearch(queue, alert.alertId)));
  const step = (by: number) => {
    const next = queue?.order[at + by];
    if (at >= 0 && next) navigate(routes.alert(tenant, next, window.location.search), { replace: true });
  };
  const triage = useTriage(tenant);
  const [deciding, setDeciding] = useState<Asked | null>(null);
  const ask = (what: Asked["what"]) => triage.allowed && setDeciding({ what, rows: [alert] });
  const assign = () => triage.allowed && triage.assign([alert]);
  useKeys({
    d: () => ask("any"),
    t: () => ask("true_positive"),
    f: () => ask("false_positive"),
    b: () => ask("benign"),
    n: () => ask("note"),
    a: assign,
    z: () => undo(),
    j: () => step(1),
    k: () => step(-1),
    1: () => setTab("summary"),
    2: () => setTab("timeline"),
    3: () => setTab("raw"),
    4: () => setTab("rule"),
    y: () => copyLink(tenant, alert.alertId),
    w: () => navigate(routes.rule(tenant, alert.ruleId)),
    Escape: back,
  });
  return (
    <main className="pg alert">
      <AlertHeader
        tenant={tenant}
        detail={detail}
        at={at}
        queue={queue}
        allowed={triage.allowed}
        onAsk={ask}
        onAssign={assign}
      />
      <Tabs
        label="Parts of the alert"
        value={tab}
        onValue={setTab}
        tabs={[
          { value: "summary", label: "Summary" },
          { value: "timeline", label: "Timeline", count: neighbours.events.data?.events.length },
          {
            value: "raw",
            label: "Raw event",
            count: detail.events.length > 1 ? detail.events.length : undefined,
          },
          { value: "rule", label: "Rule" },
        ]}
      />
      <div className="mn" role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === "summary" && (
          <>
            <WhyTable tenant={tenant} detail={detail} />
            <EpisodePanel detail={detail} onRaw={() => setTab("raw")} />
            <ProcessPanel detail={detail} neighbours={neighbours.events.data?.events ?? []} />
            <WhatElse
              alert={alert}
              evidence={detail.events.map((event) => event.eventId)}
              range={range}
              neighbours={neighbours}
              onSpan={(span) => change({ span })}
              onAll={() => setTab("timeline")}
            />
          </>
        )}
        {tab === "timeline" && (
          <Timeline
            alert={alert}
            evidence={detail.events.map((event) => event.eventId)}
            neighbours={neighbours}
          />
        )}
        {tab === "raw" && <RawEvent tenant={tenant} detail={detail} />}
        {tab === "rule" && <FiredRule tenant={tenant} detail={detail} />}
      </div>
      <Facts tenant={tenant} detail={detail} />
      <footer className="ft">
        <span>
          <kbd>Esc</kbd>queue
        </span>
        {at >= 0 && <KeyHint keys="jk">next, previous</KeyHint>}
        <span>
          <kbd>1</kbd>–<kbd>4</kbd>tabs
        </span>
        <KeyHint keys="d">decide</KeyHint>
        <KeyHint keys="n">note</KeyHint>
        <KeyHint keys="w">rule</KeyHint>
        <KeyHint keys="y">copy link</KeyHint>
        <KeyHint keys="?">all keys</KeyHint>
      </footer>
      <UndoBar />
      {deciding && (
        <VerdictDialog
          asked={deciding}
          onClose={() => setDeciding(null)}
          onDecide={(verdict, comment) => {
            setDeciding(null);
            triage.decide(deciding.rows, verdict, comment);
          }}
          onNote={(text) => {
            setDeciding(null);
            triage.note(deciding.rows, text);
          }}
        />
      )}
    </main>
  );
}

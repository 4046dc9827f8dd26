import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { AlertRow } from "../api/wire";
import { plural } from "../parts/numbers";
import { EmptyState, ErrorBox, Skeleton } from "../parts/states";
import { EventLine } from "./EventLine";
import { alertAt, type Neighbours } from "./WhatElse";

const ROW_PX = 26;

/** All events on the host around the alert, in time order. */
export function Timeline({
  alert,
  evidence,
  neighbours,
}: {
  alert: AlertRow;
  evidence: readonly string[];
  neighbours: Neighbours;
}) {
  const scroll = useRef<HTMLOListElement>(null);
  const { events, onHost } = neighbours;
  const list = events.data?.events ?? [];
  const own = list.findIndex((event) => evidence.includes(event.eventId));
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list comes, not as it scrolls
  useEffect(() => {
    if (own >= 0) virtual.scrollToIndex(own, { align: "center" });
  }, [own]);
  if (events.error) {
    return (
      <ErrorBox
        what="The host's events could not be read."
        error={events.error}
        onRetry={() => events.refetch()}
      />
    );
  }
  if (!alert.host) return <EmptyState title="This alert names no host, so there is no timeline." />;
  if (events.isPending) return <Skeleton rows={12} label="Loading events" />;
  return (
    <section className="panel timeline">
      <div className="ph">
        <h2>Timeline</h2>
        <span className="t3">
          {plural(list.length, "event")} on this host
          {events.data.nextPageToken && ", the first of more: choose a shorter time on the summary"}
        </span>
      </div>
      <ol className="ev virtual" ref={scroll} tabIndex={0} aria-label="Events on this host">
        <li className="space" aria-hidden="true" style={{ height: virtual.getTotalSize() }} />
        {virtual.getVirtualItems().map((item) => {
          const event = list[item.index];
          return (
            event && (
              <EventLine
                key={event.eventId}
                event={event}
                alert={alert}
                own={evidence.includes(event.eventId)}
                raised={alertAt(event, onHost.data?.alerts ?? [])}
                style={{ transform: `translateY(${item.start}px)` }}
              />
            )
          );
        })}
      </ol>
    </section>
  );
}

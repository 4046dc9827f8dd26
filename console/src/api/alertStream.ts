import * as v from "valibot";
import { alertStreamUrl } from "./controlApi";
import type { AlertFilter } from "./filter";
import { AlertBatch, type AlertRow, type TriageChange } from "./wire";

export interface AlertStreamListener {
  /** The stream stands; alerts stored before this moment may not come through it. */
  onOpen(): void;
  onAlerts(alerts: AlertRow[]): void;
  /** Triage of alerts, shown or not, by whomever. */
  onTriage(changes: TriageChange[]): void;
  /** Anything was heard, a heartbeat at least. */
  onAlive(): void;
  onDown(): void;
}

const FLUSH_MS = 250;
/** The server says something at least every 5 s; a connection silent for this long is dead. */
const SILENCE_MS = 15_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

/**
 * Alerts as they are stored, over server-sent events. The browser reconnects with Last-Event-ID
 * after a broken connection; after an HTTP error it gives up, and this opens anew behind the last
 * cursor, waiting longer each time.
 */
export function openAlertStream(
  tenant: string,
  filter: AlertFilter,
  listener: AlertStreamListener,
): () => void {
  let source: EventSource | undefined;
  let cursor = "";
  let retryMs = FIRST_RETRY_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let waiting: AlertRow[] = [];
  let flush: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;

  const deliver = () => {
    flush = undefined;
    const batch = waiting;
    waiting = [];
    listener.onAlerts(batch);
  };

  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      listener.onDown();
      source?.close();
      connect();
    }, SILENCE_MS);
    listener.onAlive();
  };

  const heard = (event: MessageEvent<string>) => {
    if (event.lastEventId) cursor = event.lastEventId;
    alive();
    const batch = read(event.data);
    if (!batch) return;
    if (batch.cursor) cursor = batch.cursor;
    if (batch.triage.length > 0) listener.onTriage(batch.triage);
    waiting.push(...batch.alerts);
    if (waiting.length > 0) flush ??= setTimeout(deliver, FLUSH_MS);
  };

  const connect = () => {
    source = new EventSource(alertStreamUrl(tenant, filter, cursor));
    source.addEventListener("open", () => {
      retryMs = FIRST_RETRY_MS;
      alive();
      listener.onOpen();
    });
    source.addEventListener("alerts", heard);
    source.addEventListener("heartbeat", heard);
    source.addEventListener("error", () => {
      listener.onDown();
      if (source?.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    });
  };

  connect();
  return () => {
    source?.close();
    clearTimeout(retry);
    clearTimeout(flush);
    clearTimeout(watchdog);
  };
}

function read(data: string): v.InferOutput<typeof AlertBatch> | null {
  try {
    const parsed = v.safeParse(AlertBatch, JSON.parse(data));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

package dev.tidewatch.store;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.TimeQuality;
import dev.tidewatch.events.v1.TelemetryEvent;

/**
 * A row of {@code events}: the envelope and what was read from its payload.
 *
 * @param timeMicros event time, microseconds since the Unix epoch. It is part of the row's identity
 *     (with tenant, host and event id), so a redelivery must arrive at the same time
 * @param timeQuality whose clock that is
 */
public record StoredEvent(
    TelemetryEvent envelope, EventDocument document, long timeMicros, TimeQuality timeQuality) {
  /** 2100-01-01: ClickHouse's hours, which sort the table, end in 2106. */
  static final long LATEST_MICROS = 4_102_444_800_000_000L;

  /** No time, or one before 1970 or after 2099, is replaced by the time of entry. */
  public StoredEvent {
    if (timeMicros < 0 || timeMicros >= LATEST_MICROS) {
      timeMicros = Math.min(Math.max(0, envelope.getIngestTimeUs()), LATEST_MICROS - 1);
      timeQuality = TimeQuality.INGEST;
    }
  }

  /** At the document's time; without one, at the time of entry. */
  public StoredEvent(TelemetryEvent envelope, EventDocument document) {
    this(envelope, document, document.timeMicros(), document.timeQuality());
  }
}

package dev.tidewatch.store;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;

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
  private static final long LATEST_MICROS = 4_102_444_800_000_000L;

  /** A time before 1970 or after 2099 is replaced by the time of entry. */
  public StoredEvent {
    if (timeMicros < 0 || timeMicros >= LATEST_MICROS) {
      timeMicros = Math.min(Math.max(0, envelope.getIngestTimeUs()), LATEST_MICROS - 1);
      timeQuality = TimeQuality.INGEST;
    }
  }

  /** The document's time, else the sender's, else the time of entry. */
  public StoredEvent(TelemetryEvent envelope, EventDocument document) {
    this(envelope, document, timeOf(envelope, document), qualityOf(envelope, document));
  }

  private static long timeOf(TelemetryEvent envelope, EventDocument document) {
    return switch (qualityOf(envelope, document)) {
      case PAYLOAD -> document.timeMicros();
      case OBSERVED -> envelope.getObservedTimeUs();
      case INGEST -> envelope.getIngestTimeUs();
    };
  }

  private static TimeQuality qualityOf(TelemetryEvent envelope, EventDocument document) {
    boolean observed = envelope.getObservedTimeUs() > 0;
    if (observed && envelope.getTimePolicy() == TimePolicy.TIME_POLICY_OBSERVED) {
      return TimeQuality.OBSERVED;
    }
    if (document.timeMicros() == Long.MIN_VALUE) {
      return observed ? TimeQuality.OBSERVED : TimeQuality.INGEST;
    }
    return observed && document.timeMicros() == envelope.getObservedTimeUs()
        ? TimeQuality.OBSERVED
        : TimeQuality.PAYLOAD;
  }
}

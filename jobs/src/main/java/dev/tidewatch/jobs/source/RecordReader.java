package dev.tidewatch.jobs.source;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventReader;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.PayloadLimits;
import dev.tidewatch.events.TelemetryCodec;
import dev.tidewatch.events.TimeQuality;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.jobs.source.InboundRecord.Unreadable;
import dev.tidewatch.store.StoredEvent;
import java.io.Serializable;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record's bytes as an event. Never throws: what cannot be read comes out with its reason.
 */
public final class RecordReader implements Serializable {
  private static final long serialVersionUID = 1L;
  private final int maxPayloadBytes;
  private final long maxFutureSkewMillis;
  private transient @Nullable Codecs codecs;
  private transient long appendMicros;

  private record Codecs(TelemetryCodec envelopes, EventReader payloads) {}

  /**
   * @param maxPayloadBytes larger payloads are refused
   * @param maxFutureSkewMillis how far event time may run ahead of Kafka's clock for watermarks
   */
  public RecordReader(int maxPayloadBytes, long maxFutureSkewMillis) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.maxFutureSkewMillis = maxFutureSkewMillis;
  }

  /** One that another thread can use. */
  RecordReader copy() {
    return new RecordReader(maxPayloadBytes, maxFutureSkewMillis);
  }

  int maxPayloadBytes() {
    return maxPayloadBytes;
  }

  long maxFutureSkewMillis() {
    return maxFutureSkewMillis;
  }

  /** Reads one record. {@code key} and {@code value} must not be changed afterwards. */
  public InboundRecord read(
      KafkaPosition position, byte @Nullable [] key, byte @Nullable [] value) {
    String tenant = "";
    try {
      appendMicros = TimeUnit.MILLISECONDS.toMicros(appended(position));
      TelemetryEvent envelope = codecs().envelopes().decode(value);
      tenant = envelope.getTenantId();
      EventDocument document = codecs().payloads().read(envelope);
      StoredEvent event = timed(new StoredEvent(envelope, document));
      return InboundRecord.event(position, key, value, event, watermarkMillis(event));
    } catch (MalformedEventException e) {
      return InboundRecord.unreadable(
          position, key, value, new Unreadable(e.code(), String.valueOf(e.getMessage()), tenant));
    } catch (RuntimeException | StackOverflowError e) {
      return InboundRecord.unreadable(
          position,
          key,
          value,
          new Unreadable(DeadLetterCodes.READER_FAILED, e.toString(), tenant));
    }
  }

  /** An event that nobody gave a time happened when Kafka took it. */
  private StoredEvent timed(StoredEvent event) {
    return event.timeQuality() == TimeQuality.INGEST && event.timeMicros() <= 0
        ? new StoredEvent(event.envelope(), event.document(), appendMicros, TimeQuality.INGEST)
        : event;
  }

  private long watermarkMillis(StoredEvent event) {
    long latest = TimeUnit.MICROSECONDS.toMillis(appendMicros) + maxFutureSkewMillis;
    return Math.min(Math.floorDiv(event.timeMicros(), 1000L), latest);
  }

  /** Kafka's timestamp, unless the producer left it out or set it ahead of our clock. */
  private static long appended(KafkaPosition position) {
    long now = Clock.systemUTC().millis();
    return position.appendMillis() < 0 ? now : Math.min(position.appendMillis(), now);
  }

  private Codecs codecs() {
    Codecs current = codecs;
    if (current == null) {
      PayloadLimits plain = PayloadLimits.DEFAULT;
      PayloadLimits limits =
          new PayloadLimits(maxPayloadBytes, plain.maxDepth(), plain.maxTokens());
      current = new Codecs(new TelemetryCodec(limits), new EventReader(limits, () -> appendMicros));
      codecs = current;
    }
    return current;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordReader that
        && maxPayloadBytes == that.maxPayloadBytes
        && maxFutureSkewMillis == that.maxFutureSkewMillis;
  }

  @Override
  public int hashCode() {
    return Integer.hashCode(maxPayloadBytes) * 31 + Long.hashCode(maxFutureSkewMillis);
  }
}

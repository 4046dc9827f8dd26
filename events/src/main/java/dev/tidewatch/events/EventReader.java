package dev.tidewatch.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.util.function.LongSupplier;

/** Reads payloads as events, within limits. Thread-safe. */
public final class EventReader {
  private final PayloadReader payloads;
  private final LongSupplier nowMicros;

  public EventReader() {
    this(PayloadLimits.DEFAULT);
  }

  public EventReader(PayloadLimits limits) {
    this(limits, () -> System.currentTimeMillis() * 1_000L);
  }

  /**
   * @param nowMicros the clock that a time is held against when the envelope has none, in
   *     microseconds since the Unix epoch
   */
  public EventReader(PayloadLimits limits, LongSupplier nowMicros) {
    this.payloads = new PayloadReader(limits);
    this.nowMicros = nowMicros;
  }

  /**
   * Reads the payload of {@code event}.
   *
   * @throws MalformedEventException when the payload is no single JSON object within the limits
   */
  public EventDocument read(TelemetryEvent event) throws MalformedEventException {
    return read(event, event.getPayload().toByteArray());
  }

  /** Reads a bare payload (files, tests): no hints, no observed time. */
  public EventDocument read(byte[] payload) throws MalformedEventException {
    return read(TelemetryEvent.getDefaultInstance(), payload);
  }

  private EventDocument read(TelemetryEvent event, byte[] payload) throws MalformedEventException {
    if (payload.length == 0) {
      throw Malformation.PAYLOAD_EMPTY.because("the payload is empty");
    }
    ObjectNode root = payloads.read(payload);
    Recognition recognition = Recognition.of(new PayloadView(root), event.getSource());
    recognition.shape().requireOneEvent(root);
    EventTime time =
        EventTime.of(
            event, recognition.payload(), recognition.shape().times(), nowMicros.getAsLong());
    return new EventDocument(event, payload, recognition, time);
  }
}

package dev.tidewatch.events;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka record of the topic {@code telemetry} as bytes and back. Decoding checks the envelope;
 * the payload stays as received and is read by {@link EventReader}.
 */
public final class TelemetryCodec {
  private static final int EVENT_ID_BYTES = 16;
  private final PayloadLimits limits;

  public TelemetryCodec() {
    this(PayloadLimits.DEFAULT);
  }

  public TelemetryCodec(PayloadLimits limits) {
    this.limits = limits;
  }

  /** The Kafka value. */
  public byte[] encode(TelemetryEvent event) {
    return event.toByteArray();
  }

  /** The Kafka key: tenant, NUL, host; all events of a host stay in order in one partition. */
  public static byte[] key(TelemetryEvent event) {
    return (event.getTenantId() + '\0' + event.getHost()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads and checks a Kafka value.
   *
   * @throws MalformedEventException with a code of {@link Malformation}: no protobuf, no tenant,
   *     bad event id, empty or oversized payload
   */
  public TelemetryEvent decode(byte @Nullable [] record) throws MalformedEventException {
    TelemetryEvent event = parse(record);
    if (event.getTenantId().isBlank()) {
      throw Malformation.NO_TENANT.because("the record names no tenant");
    }
    if (event.getEventId().size() != EVENT_ID_BYTES) {
      throw Malformation.EVENT_ID_LENGTH.because(
          "the event id has " + event.getEventId().size() + " bytes, not " + EVENT_ID_BYTES);
    }
    if (event.getPayload().isEmpty()) {
      throw Malformation.PAYLOAD_EMPTY.because("the payload is empty");
    }
    if (event.getPayload().size() > limits.maxPayloadBytes()) {
      throw tooLarge(event.getPayload().size(), limits);
    }
    return event;
  }

  static MalformedEventException tooLarge(int size, PayloadLimits limits) {
    return Malformation.PAYLOAD_TOO_LARGE.because(
        "the payload has " + size + " bytes; the limit is " + limits.maxPayloadBytes());
  }

  private static TelemetryEvent parse(byte @Nullable [] record) throws MalformedEventException {
    if (record == null) {
      throw Malformation.NOT_A_TELEMETRY_EVENT.because("the record has no value");
    }
    try {
      return TelemetryEvent.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      throw Malformation.NOT_A_TELEMETRY_EVENT.because(
          "the record is no TelemetryEvent: " + e.getMessage());
    }
  }
}

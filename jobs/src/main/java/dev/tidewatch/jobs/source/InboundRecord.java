package dev.tidewatch.jobs.source;

import dev.tidewatch.store.StoredEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record, read: an event, or the reason why it is none. Immutable; equal when the bytes and
 * their position are, since reading them is deterministic but for the clock.
 */
public final class InboundRecord {
  private final KafkaPosition position;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final @Nullable StoredEvent event;
  private final @Nullable Unreadable unreadable;
  private final long eventMillis;

  /**
   * Why a record is no event.
   *
   * @param code stable code, e.g. {@code TW-E4001}
   * @param reason one line
   * @param tenantId empty when the envelope could not be read
   */
  public record Unreadable(String code, String reason, String tenantId) {}

  private InboundRecord(
      KafkaPosition position,
      byte @Nullable [] key,
      byte @Nullable [] value,
      @Nullable StoredEvent event,
      @Nullable Unreadable unreadable,
      long eventMillis) {
    this.position = position;
    this.key = key;
    this.value = value;
    this.event = event;
    this.unreadable = unreadable;
    this.eventMillis = eventMillis;
  }

  static InboundRecord event(
      KafkaPosition position,
      byte @Nullable [] key,
      byte @Nullable [] value,
      StoredEvent event,
      long eventMillis) {
    return new InboundRecord(position, key, value, event, null, eventMillis);
  }

  static InboundRecord unreadable(
      KafkaPosition position,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Unreadable unreadable) {
    return new InboundRecord(position, key, value, null, unreadable, position.appendMillis());
  }

  public KafkaPosition position() {
    return position;
  }

  public byte @Nullable [] key() {
    return key;
  }

  public byte @Nullable [] value() {
    return value;
  }

  /** The event; null when the record is {@link #unreadable()}. */
  public @Nullable StoredEvent event() {
    return event;
  }

  /** Why there is no event; null when there is one. */
  public @Nullable Unreadable unreadable() {
    return unreadable;
  }

  /**
   * Time for watermarks, milliseconds since the Unix epoch: event time, but not further ahead of
   * Kafka's clock than allowed, so that an event from the future holds nobody up.
   */
  public long eventMillis() {
    return eventMillis;
  }

  /** Bytes of the Kafka value. */
  public int size() {
    return value == null ? 0 : value.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InboundRecord that
        && position.equals(that.position)
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return position.hashCode();
  }

  @Override
  public String toString() {
    return position + (unreadable == null ? "" : " " + unreadable.code());
  }
}

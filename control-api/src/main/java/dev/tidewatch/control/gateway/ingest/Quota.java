package dev.tidewatch.control.gateway.ingest;

import java.time.Duration;

/**
 * What a tenant may send.
 *
 * @param eventsPerSecond sustained; 0 for no limit
 * @param bytesPerSecond sustained, of payloads with their envelopes, uncompressed; 0 for no limit
 * @param burst how much of the sustained rate may come at once, as time: 10 s at 1,000 events/s
 *     allow 10,000 events in one go
 */
public record Quota(long eventsPerSecond, long bytesPerSecond, Duration burst) {
  /** Next to nothing. */
  public static final Quota EXHAUSTED = new Quota(1, 1, Duration.ofMillis(1));

  public static final Quota UNLIMITED = new Quota(0, 0, Duration.ofSeconds(10));

  /**
   * @throws IllegalArgumentException for a negative rate or a burst that is not positive
   */
  public Quota {
    if (eventsPerSecond < 0 || bytesPerSecond < 0) {
      throw new IllegalArgumentException("a quota's rates must not be negative");
    }
    if (burst.isNegative() || burst.isZero()) {
      throw new IllegalArgumentException("a quota's burst must be positive");
    }
  }
}

package dev.tidewatch.agent.collect;

import java.util.function.LongSupplier;

/** A token bucket: so many events a second, and twice as many at once. Not thread-safe. */
final class RateLimit {
  private static final double BURST_SECONDS = 2;

  private final double perNano;
  private final double capacity;
  private final LongSupplier nanoTime;
  private double tokens;
  private long lastNanos;

  /**
   * @param perSecond 0: no limit
   */
  RateLimit(int perSecond, LongSupplier nanoTime) {
    this.perNano = perSecond / 1e9;
    this.capacity = Math.max(1, perSecond * BURST_SECONDS);
    this.nanoTime = nanoTime;
    this.tokens = capacity;
    this.lastNanos = nanoTime.getAsLong();
  }

  /** Takes one; returns 0, or the nanoseconds until there is one again. */
  long take() {
    if (perNano == 0) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    tokens = Math.min(capacity, tokens + Math.max(0, now - lastNanos) * perNano);
    lastNanos = now;
    if (tokens >= 1) {
      tokens--;
      return 0;
    }
    return (long) Math.ceil((1 - tokens) / perNano);
  }
}

package dev.tidewatch.agent.spool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Clocks that stand until they are moved. */
final class ManualTime implements InstantSource {
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");

  private long nanos = 1_000_000_000_000L;

  /** Time passes. */
  void advance(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  /** Somebody sets the clock on the wall; no time passes. */
  void jump(Duration duration) {
    now = now.plus(duration);
  }

  /** The monotonic clock. */
  long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }
}

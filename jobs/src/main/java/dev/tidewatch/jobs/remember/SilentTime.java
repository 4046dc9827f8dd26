package dev.tidewatch.jobs.remember;

import java.time.Duration;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Event time while no source has an event: it goes on with the clock, from where it stood when the
 * last source fell silent, so that windows close. Each source by itself cannot do that: it does not
 * know whether others are at work.
 */
final class SilentTime {
  private static final long TICK_MILLIS = 1_000;
  private final boolean on;
  private final ProcessingTimeService clock;
  private final Advance advance;
  private boolean silent;
  private boolean ticking;
  private long sinceMillis;
  private long fromMillis;

  /** Moves event time on. */
  interface Advance {
    void to(long watermarkMillis) throws Exception;
  }

  /**
   * @param idleAdvance zero: event time stands still
   */
  SilentTime(Duration idleAdvance, ProcessingTimeService clock, Advance advance) {
    this.on = !idleAdvance.isZero();
    this.clock = clock;
    this.advance = advance;
  }

  boolean isOn() {
    return on;
  }

  /**
   * @param idle all inputs are
   * @param watermarkMillis where event time stands
   */
  void inputIs(boolean idle, long watermarkMillis) {
    if (idle && !silent) {
      sinceMillis = clock.getCurrentProcessingTime();
      fromMillis = watermarkMillis;
    }
    silent = idle;
    // Before the first event nothing waits.
    if (idle && !ticking && watermarkMillis != Long.MIN_VALUE) {
      ticking = true;
      next(clock.getCurrentProcessingTime());
    }
  }

  private void next(long nowMillis) {
    clock.registerTimer(nowMillis + TICK_MILLIS, this::tick);
  }

  private void tick(long ignored) throws Exception {
    if (!silent) {
      ticking = false;
      return;
    }
    long now = clock.getCurrentProcessingTime();
    if (fromMillis < Long.MAX_VALUE - TICK_MILLIS) {
      advance.to(fromMillis + (now - sinceMillis));
      next(now);
    }
  }
}

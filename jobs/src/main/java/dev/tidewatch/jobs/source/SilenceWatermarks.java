package dev.tidewatch.jobs.source;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Watermarks of one partition. They stay {@code outOfOrderness} behind the newest event; when the
 * partition falls silent, time goes on without it: after {@code idleAdvance} without a record the
 * watermark moves with the clock, and after {@code idleness} the partition no longer holds others
 * back.
 *
 * <p>So the last matches of a stream are decided {@code outOfOrderness + idleAdvance} after they
 * came, and a silence of up to that long makes no event late.
 */
public final class SilenceWatermarks<T> implements WatermarkGenerator<T> {
  private final long outOfOrdernessMillis;
  private final long idleAdvanceMillis;
  private final long idlenessMillis;
  private final RelativeClock clock;
  private long newest = Long.MIN_VALUE;
  private long lastRecord;
  private boolean recordSince;

  /**
   * @param idleAdvance zero: a silent partition's watermark stands still
   * @param clock that stands still while the source is held up by what comes after it
   */
  public SilenceWatermarks(
      Duration outOfOrderness, Duration idleAdvance, Duration idleness, RelativeClock clock) {
    this.outOfOrdernessMillis = outOfOrderness.toMillis();
    this.idleAdvanceMillis = idleAdvance.toMillis();
    this.idlenessMillis = idleness.toMillis();
    this.clock = clock;
    this.lastRecord = clock.relativeTimeMillis();
  }

  @Override
  public void onEvent(T event, long eventMillis, WatermarkOutput output) {
    newest = Math.max(newest, eventMillis);
    recordSince = true;
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    long now = clock.relativeTimeMillis();
    if (recordSince) {
      recordSince = false;
      lastRecord = now;
    }
    long silent = now - lastRecord;
    if (silent >= idlenessMillis) {
      output.markIdle();
      return;
    }
    if (newest != Long.MIN_VALUE) {
      long advanced = idleAdvanceMillis == 0 ? 0 : Math.max(0, silent - idleAdvanceMillis);
      output.emitWatermark(new Watermark(newest - outOfOrdernessMillis - 1 + advanced));
    }
  }
}

package dev.tidewatch.jobs.remember;

/** Flink's milliseconds and our microseconds. */
final class EventTimes {
  private EventTimes() {}

  /** The millisecond that {@code micros} lies in. */
  static long millis(long micros) {
    return Math.floorDiv(micros, 1_000L);
  }

  /** A watermark has passed the whole of its last millisecond. */
  static long watermarkMicros(long millis) {
    if (millis <= Long.MIN_VALUE / 1_000) {
      return Long.MIN_VALUE;
    }
    return millis >= Long.MAX_VALUE / 1_000 - 1 ? Long.MAX_VALUE : millis * 1_000 + 999;
  }
}

package dev.tidewatch.correlation.machine;

/** Arithmetic on event time that stops at the ends instead of wrapping round. */
final class Micros {
  private Micros() {}

  /**
   * @param length not negative
   */
  static long before(long timeMicros, long length) {
    long result = timeMicros - length;
    return result > timeMicros ? Long.MIN_VALUE : result;
  }

  /**
   * @param length not negative
   */
  static long after(long timeMicros, long length) {
    long result = timeMicros + length;
    return result < timeMicros ? Long.MAX_VALUE : result;
  }
}

package dev.tidewatch.correlation;

/**
 * What matches a correlation looks at together. All lengths are microseconds of event time; both
 * ends of a window belong to it.
 *
 * <p>A condition that only more can make true is decided at matches, on what the window holds then;
 * any other is decided when a window closes (rows 22 and 23).
 */
public sealed interface Windowing {
  /** Longest span of time that one window covers. */
  long timespanMicros();

  /**
   * Sigma's own. At a match: all of {@code [t - timespan, t]}. Decided at closing: a window opens
   * with the first match when none is open, and closes {@code timespan} later.
   */
  record Sliding(long timespanMicros) implements Windowing {}

  /** Windows that begin at multiples of {@code timespan} since the Unix epoch. */
  record Tumbling(long timespanMicros) implements Windowing {
    /** Number of the window that an instant lies in. */
    public long number(long timeMicros) {
      return Math.floorDiv(timeMicros, timespanMicros);
    }
  }

  /**
   * A window goes on while matches follow each other within {@code gap}, and for {@code timespan}
   * at most.
   */
  record Session(long timespanMicros, long gapMicros) implements Windowing {}

  /**
   * The newest {@code size} matches, if all of them lie within {@code timespan}; until there are so
   * many, nothing holds. Always decided at matches.
   */
  record Count(long timespanMicros, int size) implements Windowing {}
}

package dev.tidewatch.match.index;

/** Takes what indexes find in an event. */
interface Found {
  /** Literals {@code numbers[from]} and the {@code count - 1} behind it. */
  void hits(Entries entries, int[] numbers, int from, int count);
}

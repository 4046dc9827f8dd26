package dev.tidewatch.match.index;

import java.util.Arrays;

/** Numbers of the literals that were found in one text, each once. Belongs to one thread. */
final class Hits {
  private long[] seen = new long[16];
  int[] numbers = new int[64];
  int count;

  /** For a text in which {@code size} literals can be found. */
  void begin(int size) {
    for (int i = 0; i < count; i++) {
      seen[numbers[i] >> 6] = 0;
    }
    count = 0;
    if (seen.length * 64 < size) {
      seen = new long[size / 32 + 1];
    }
  }

  boolean has(int number) {
    return (seen[number >> 6] >>> number & 1) != 0;
  }

  void add(int number) {
    if (has(number)) {
      return;
    }
    seen[number >> 6] |= 1L << number;
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = number;
  }
}

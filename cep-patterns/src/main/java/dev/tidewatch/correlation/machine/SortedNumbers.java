package dev.tidewatch.correlation.machine;

import java.math.BigDecimal;
import java.util.Arrays;

/** Numbers in order, equal ones next to each other, in one array. */
final class SortedNumbers {
  private static final BigDecimal[] NONE = {};

  private BigDecimal[] numbers = NONE;
  private int size;

  void add(BigDecimal number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(4, 2 * size));
    }
    int at = Arrays.binarySearch(numbers, 0, size, number);
    int place = at < 0 ? -at - 1 : at;
    System.arraycopy(numbers, place, numbers, place + 1, size - place);
    numbers[place] = number;
    size++;
  }

  void remove(BigDecimal number) {
    int at = Arrays.binarySearch(numbers, 0, size, number);
    if (at < 0) {
      throw new IllegalStateException(number + " was never added");
    }
    size--;
    System.arraycopy(numbers, at + 1, numbers, at, size - at);
  }

  BigDecimal get(int rank) {
    return numbers[rank];
  }

  void clear() {
    numbers = NONE;
    size = 0;
  }

  long sizeBytes() {
    return 24 + 16 + 4L * numbers.length + 40L * size;
  }
}

package dev.tidewatch.control.request;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A page of a list that is in the order of a key.
 *
 * @param items at most as many as asked for
 * @param next token of the page behind; empty at the end
 */
public record Page<T>(List<T> items, String next) {
  /** Rows of a page when the caller does not say. */
  public static final int DEFAULT = 200;

  /** The most that a caller may ask for. */
  public static final int LARGEST = 1_000;

  public Page {
    items = List.copyOf(items);
  }

  /**
   * @param asked how many, 0 for {@link #DEFAULT}; was checked against {@link #LARGEST}
   * @param query finds so many, and one more
   * @param key by which the list is ordered; the next page begins behind it
   */
  public static <T> Page<T> of(int asked, IntFunction<List<T>> query, Function<T, String> key) {
    int size = asked == 0 ? DEFAULT : asked;
    List<T> found = query.apply(size + 1);
    if (found.size() <= size) {
      return new Page<>(found, "");
    }
    return new Page<>(found.subList(0, size), PageKey.of(key.apply(found.get(size - 1))));
  }
}

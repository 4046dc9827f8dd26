package dev.tidewatch.match.index;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What one index looks for.
 *
 * @param numbers in the {@link Entries} that they are of
 */
record Literals(byte[][] texts, int[] numbers) {
  int size() {
    return texts.length;
  }

  boolean isEmpty() {
    return texts.length == 0;
  }

  /** Those whose text is wanted. */
  Literals with(Predicate<byte[]> wanted) {
    int[] kept = IntStream.range(0, size()).filter(i -> wanted.test(texts[i])).toArray();
    return new Literals(
        Arrays.stream(kept).mapToObj(i -> texts[i]).toArray(byte[][]::new),
        Arrays.stream(kept).map(i -> numbers[i]).toArray());
  }

  int shortest() {
    return Arrays.stream(texts).mapToInt(text -> text.length).min().orElse(0);
  }
}

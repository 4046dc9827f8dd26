package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.Words;
import java.util.Arrays;

/** Finds literals that are the whole text. */
final class HashIndex {
  private final Literals literals;
  private final long[] hashes;
  private final int[] numbers;

  HashIndex(Literals literals) {
    this.literals = literals;
    int size = 4;
    while (size < 2 * literals.size()) {
      size *= 2;
    }
    hashes = new long[size];
    numbers = new int[size];
    Arrays.fill(numbers, -1);
    for (int i = 0; i < literals.size(); i++) {
      byte[] text = literals.texts()[i];
      long hash = Words.hash(Arrays.copyOf(text, text.length + 8), 0, text.length);
      int at = place(hash);
      while (numbers[at] >= 0) {
        at = (at + 1) & (size - 1);
      }
      hashes[at] = hash;
      numbers[at] = i;
    }
  }

  private int place(long hash) {
    return (int) (hash ^ hash >>> 32) & (numbers.length - 1);
  }

  void find(byte[] b, int at, int length, Hits hits) {
    long hash = Words.hash(b, at, length);
    for (int i = place(hash); numbers[i] >= 0; i = (i + 1) & (numbers.length - 1)) {
      int entry = numbers[i];
      if (hashes[i] == hash && literals.texts()[entry].length == length) {
        if (Words.same(b, at, literals.texts()[entry])) {
          hits.add(literals.numbers()[entry]);
        }
      }
    }
  }
}

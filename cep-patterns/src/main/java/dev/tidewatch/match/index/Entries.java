package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.List;

/** Literals of one index, numbered: the test each belongs to, and the rules that wait for it. */
final class Entries {
  private static final int[] NO_RULES = {};

  final byte[][] texts;

  /** By number of the partition. */
  final int[] tests;

  /** Finding the literal decides the test. */
  final boolean[] decides;

  /** By number of the partition. */
  final int[][] rules;

  private Entries(List<Entry> entries) {
    int size = entries.size();
    texts = new byte[size][];
    tests = new int[size];
    decides = new boolean[size];
    rules = new int[size][];
    for (int i = 0; i < size; i++) {
      Entry entry = entries.get(i);
      texts[i] = entry.literal().text();
      tests[i] = entry.test();
      decides[i] = entry.literal().decides();
      rules[i] =
          entry.rules().isEmpty() ? NO_RULES : entry.rules().stream().mapToInt(r -> r).toArray();
    }
  }

  /**
   * @param rules that have the literal as a witness; grows while the index is made
   */
  record Entry(Literal literal, int test, List<Integer> rules) {
    Entry(Literal literal, int test) {
      this(literal, test, new ArrayList<>());
    }
  }

  static Entries of(List<Entry> entries) {
    return new Entries(entries);
  }

  int size() {
    return texts.length;
  }
}

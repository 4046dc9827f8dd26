package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Literals of one field, numbered: the test each belongs to, and the rules that wait for it. */
final class Entries {
  private static final int[] NO_RULES = {};

  private final List<Entry> entries;

  /** By number of the partition. */
  final int[] tests;

  /** Finding the literal decides the test. */
  final boolean[] decides;

  /** By number of the partition. */
  final int[][] rules;

  Entries(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    int size = entries.size();
    tests = new int[size];
    decides = new boolean[size];
    rules = new int[size][];
    for (int i = 0; i < size; i++) {
      Entry entry = entries.get(i);
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

  int size() {
    return tests.length;
  }

  Literal literal(int number) {
    return entries.get(number).literal();
  }

  /** Those of one kind, for an index that finds them. */
  Literals of(Literal.Kind kind) {
    return of(entry -> entry.literal().kind() == kind);
  }

  Literals of(Predicate<Entry> wanted) {
    List<byte[]> texts = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (wanted.test(entries.get(i))) {
        texts.add(entries.get(i).literal().text());
        numbers.add(i);
      }
    }
    return new Literals(
        texts.toArray(byte[][]::new), numbers.stream().mapToInt(number -> number).toArray());
  }
}

package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes one {@link Partition}. */
final class PartitionBuilder {
  /** Shorter literals inside a text are found so often that it is cheaper to test when asked. */
  private static final int SHORTEST_EXTRA = 7;

  private final Tests all;
  private final AtomicInteger fieldIndexes;
  private final List<Integer> rules = new ArrayList<>();
  private final List<Expr> conditions = new ArrayList<>();
  private final Map<Integer, Integer> localTests = new HashMap<>();
  private final List<FieldTest> tests = new ArrayList<>();
  private final Map<Integer, Map<Integer, List<Entries.Entry>>> entries = new TreeMap<>();
  private final List<Entries.Entry> keywords = new ArrayList<>();
  private final List<Integer> always = new ArrayList<>();

  /**
   * @param fieldIndexes how many the rule set has so far
   */
  PartitionBuilder(Tests all, AtomicInteger fieldIndexes) {
    this.all = all;
    this.fieldIndexes = fieldIndexes;
  }

  /** Adds a rule with what is left of its condition; one that cannot hold is left out. */
  void add(int rule, Expr condition) {
    if (condition != Expr.FALSE) {
      rules.add(rule);
      conditions.add(Expr.map(condition, test -> new Expr.Leaf(local(test))));
    }
  }

  private int local(int test) {
    return localTests.computeIfAbsent(
        test,
        number -> {
          tests.add(all.test(number));
          return tests.size() - 1;
        });
  }

  Partition build() {
    FieldTest[] byNumber = tests.toArray(FieldTest[]::new);
    Witnesses witnesses = new Witnesses(byNumber, uses());
    int[][] programs = new int[rules.size()][];
    for (int rule = 0; rule < rules.size(); rule++) {
      Expr condition = conditions.get(rule);
      programs[rule] = Branches.of(witnesses.ordered(condition));
      watch(rule, programs[rule].length == 0 ? null : witnesses.of(condition));
    }
    conditions.forEach(this::addDecided);
    return new Partition(
        rules.stream().mapToInt(r -> r).toArray(),
        programs,
        byNumber,
        decided(),
        always.stream().mapToInt(r -> r).toArray(),
        fields(byNumber),
        keywords.isEmpty() ? null : new KeywordIndex(keywords));
  }

  private int[] uses() {
    int[] uses = new int[tests.size()];
    for (Expr condition : conditions) {
      TreeSet<Integer> leaves = new TreeSet<>();
      collect(condition, leaves);
      leaves.forEach(test -> uses[test]++);
    }
    return uses;
  }

  private static void collect(Expr expr, TreeSet<Integer> into) {
    if (expr instanceof Expr.Leaf leaf) {
      into.add(leaf.test());
    } else if (expr instanceof Expr.Not not) {
      collect(not.part(), into);
    } else if (expr instanceof Expr.Every every) {
      every.parts().forEach(part -> collect(part, into));
    } else if (expr instanceof Expr.AtLeast some) {
      some.parts().forEach(part -> collect(part, into));
    }
  }

  private void watch(int rule, Witnesses.@Nullable Choice witness) {
    if (witness == null) {
      always.add(rule);
      return;
    }
    for (int test : witness.tests()) {
      for (Entries.Entry entry : entriesOf(test)) {
        entry.rules().add(rule);
      }
    }
  }

  private List<Entries.Entry> entriesOf(int test) {
    return entries
        .computeIfAbsent(tests.get(test).field, field -> new LinkedHashMap<>())
        .computeIfAbsent(test, this::made);
  }

  private List<Entries.Entry> made(int test) {
    List<Entries.Entry> made = new ArrayList<>();
    for (Literal literal : tests.get(test).literals()) {
      Entries.Entry entry = new Entries.Entry(literal, test);
      made.add(entry);
      if (literal.kind() == Literal.Kind.ANYWHERE) {
        keywords.add(entry);
      }
    }
    return made;
  }

  /**
   * Fields that are searched anyway are searched for other literals of the conditions too: what is
   * not found then is known not to hold.
   */
  private void addDecided(Expr expr) {
    TreeSet<Integer> leaves = new TreeSet<>();
    collect(expr, leaves);
    for (int test : leaves) {
      List<Literal> literals = tests.get(test).literals();
      if (literals.size() == 1
          && literals.get(0).decides()
          && entries.containsKey(tests.get(test).field)
          && (literals.get(0).kind() != Literal.Kind.CONTAINS
              || literals.get(0).text().length >= SHORTEST_EXTRA)) {
        entriesOf(test);
      }
    }
  }

  private boolean[] decided() {
    boolean[] decided = new boolean[tests.size()];
    for (Map<Integer, List<Entries.Entry>> ofField : entries.values()) {
      ofField.forEach(
          (test, found) ->
              decided[test] = found.stream().allMatch(entry -> entry.literal().decides()));
    }
    return decided;
  }

  private FieldIndex[] fields(FieldTest[] byNumber) {
    List<FieldIndex> fields = new ArrayList<>();
    entries.forEach(
        (field, byTest) -> {
          if (field >= 0) {
            List<Entries.Entry> all = new ArrayList<>();
            byTest.values().forEach(all::addAll);
            fields.add(new FieldIndex(field, fieldIndexes.getAndIncrement(), all, byNumber));
          }
        });
    return fields.toArray(FieldIndex[]::new);
  }
}

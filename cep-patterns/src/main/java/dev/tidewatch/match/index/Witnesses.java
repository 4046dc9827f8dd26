package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses witnesses: tests of which one must hold for a condition to hold, and whose literals an
 * index can find. The choice is by how often their literals may be found, and how many rules would
 * then be tried.
 */
final class Witnesses {
  private static final double WITHOUT = 50;
  private static final double NEGATED = 100;

  private final FieldTest[] tests;
  private final int[] uses;

  /**
   * @param uses by test: rules that have it
   */
  Witnesses(FieldTest[] tests, int[] uses) {
    this.tests = tests;
    this.uses = uses;
  }

  /**
   * @param cost what it may cost to be told of them, in candidates an event
   */
  record Choice(double cost, Set<Integer> tests) {}

  /** Null if nothing that an index can find must be there. */
  @Nullable Choice of(Expr expr) {
    if (expr instanceof Expr.Leaf leaf) {
      double cost = cost(leaf.test());
      return cost < 0 ? null : new Choice(cost, Set.of(leaf.test()));
    }
    if (expr instanceof Expr.Every every) {
      return cheapest(every.parts());
    }
    if (expr instanceof Expr.AtLeast some) {
      return anyOf(some);
    }
    return null;
  }

  private @Nullable Choice cheapest(List<Expr> parts) {
    Choice best = null;
    for (Expr part : parts) {
      Choice choice = of(part);
      if (choice != null && (best == null || choice.cost() < best.cost())) {
        best = choice;
      }
    }
    return best;
  }

  /** If {@code count} parts must hold, all but {@code count - 1} of them need to be watched. */
  private @Nullable Choice anyOf(Expr.AtLeast some) {
    List<Choice> choices = new ArrayList<>();
    for (Expr part : some.parts()) {
      Choice choice = of(part);
      if (choice != null) {
        choices.add(choice);
      }
    }
    int needed = some.parts().size() - some.count() + 1;
    if (choices.size() < needed) {
      return null;
    }
    choices.sort(java.util.Comparator.comparingDouble(Choice::cost));
    Set<Integer> all = new LinkedHashSet<>();
    double cost = 0;
    for (Choice choice : choices.subList(0, needed)) {
      all.addAll(choice.tests());
      cost += choice.cost();
    }
    return new Choice(cost, all);
  }

  private double cost(int test) {
    List<Literal> literals = tests[test].literals();
    double sum = literals.isEmpty() ? -1 : 0;
    for (Literal literal : literals) {
      double cost = cost(literal);
      if (cost < 0) {
        return -1;
      }
      sum += cost;
    }
    return sum * (1 + uses[test] / 2.0);
  }

  private static double cost(Literal literal) {
    int length = literal.text().length;
    return switch (literal.kind()) {
      case EQUALS, NUMBER -> 0.05;
      case ENDS, STARTS -> length < 3 ? 0.5 : 0.1;
      case CONTAINS ->
          length <= 2 ? 5 : length <= 4 ? 1 : length <= 6 ? 0.3 : length <= 8 ? 0.1 : 0.03;
      case ANYWHERE -> {
        int plain = KeywordIndex.plainPart(literal.text()).length;
        yield plain < KeywordIndex.SHORTEST ? -1 : plain < 4 ? 20 : 1;
      }
    };
  }

  /** The same condition, with what is cheap and seldom true first. */
  Expr ordered(Expr expr) {
    if (expr instanceof Expr.Every every) {
      return new Expr.Every(sorted(every.parts(), this::rank));
    }
    if (expr instanceof Expr.AtLeast some) {
      return new Expr.AtLeast(some.count(), sorted(some.parts(), this::cost));
    }
    return expr instanceof Expr.Not not ? new Expr.Not(ordered(not.part())) : expr;
  }

  private List<Expr> sorted(List<Expr> parts, java.util.function.ToDoubleFunction<Expr> key) {
    List<Expr> sorted = new ArrayList<>();
    for (Expr part : parts) {
      sorted.add(ordered(part));
    }
    sorted.sort(java.util.Comparator.comparingDouble(key));
    return sorted;
  }

  private double rank(Expr part) {
    if (part instanceof Expr.Not) {
      return NEGATED + cost(part);
    }
    Choice choice = of(part);
    return (choice == null ? WITHOUT : choice.cost()) + cost(part);
  }

  /** What evaluating it may cost: its dearest test. */
  private double cost(Expr expr) {
    if (expr instanceof Expr.Leaf leaf) {
      return tests[leaf.test()].cost();
    }
    if (expr instanceof Expr.Not not) {
      return cost(not.part());
    }
    List<Expr> parts =
        expr instanceof Expr.Every every
            ? every.parts()
            : expr instanceof Expr.AtLeast some ? some.parts() : List.of();
    return parts.stream().mapToDouble(this::cost).max().orElse(0) + parts.size() * 0.001;
  }
}

package dev.tidewatch.lint;

import dev.tidewatch.sigma.ir.Predicate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether any event can make a formula true, by semantic tableau: conjunctions are taken apart,
 * disjunctions tried one by one, and a branch closes when two of its literals contradict each other
 * (E. W. Beth, 1955). What {@link Implication} does not know counts as possible, and so does what
 * takes too many steps: "impossible" is certain, "possible" is not. One instance a rule.
 */
final class Tableau {
  private static final int MAX_STEPS = 20_000;

  /** For all questions about one rule: about a second. */
  static final int MAX_COMPARISONS = 3_000_000;

  private boolean oneValue;
  private int steps;
  private int comparisons;

  /** Predicates compared so far, for all questions. */
  int comparisons() {
    return comparisons;
  }

  /** No event makes it true. */
  boolean isImpossible(Formula formula) {
    return impossible(formula, false);
  }

  /** No event whose fields have at most one value each makes it true. */
  boolean isImpossibleWithOneValue(Formula formula) {
    return impossible(formula, true);
  }

  private boolean impossible(Formula formula, boolean withOneValue) {
    oneValue = withOneValue;
    steps = 0;
    return !open(new Pending(formula, true, null), null);
  }

  /** Formulas still to be taken apart. */
  private record Pending(Formula formula, boolean wanted, @Nullable Pending next) {}

  /** Literals of a branch: one of {@code predicates} holds, or none does. */
  private record Known(List<Predicate> predicates, boolean holds, @Nullable Known next) {}

  private boolean open(@Nullable Pending pending, @Nullable Known known) {
    if (++steps > MAX_STEPS || comparisons > MAX_COMPARISONS || pending == null) {
      return true;
    }
    Formula formula = pending.formula();
    boolean wanted = pending.wanted();
    Pending rest = pending.next();
    if (formula instanceof Formula.No no) {
      return open(new Pending(no.term(), !wanted, rest), known);
    }
    if (formula instanceof Formula.All all) {
      return wanted ? every(all.terms(), true, rest, known) : any(all.terms(), false, rest, known);
    }
    if (formula instanceof Formula.Some some) {
      return wanted
          ? any(some.terms(), true, rest, known)
          : every(some.terms(), false, rest, known);
    }
    if (formula instanceof Formula.Choice choice) {
      Known more = new Known(possible(choice.predicates(), wanted), wanted, known);
      return !closes(more) && open(rest, more);
    }
    return open(rest, known);
  }

  private boolean every(
      List<Formula> terms, boolean wanted, @Nullable Pending rest, @Nullable Known known) {
    Pending pending = rest;
    // What needs no branching comes first, so that branches close early.
    for (boolean branching : new boolean[] {true, false}) {
      for (Formula term : terms) {
        if (branches(term, wanted) == branching) {
          pending = new Pending(term, wanted, pending);
        }
      }
    }
    return open(pending, known);
  }

  private static boolean branches(Formula formula, boolean wanted) {
    if (formula instanceof Formula.No no) {
      return branches(no.term(), !wanted);
    }
    return wanted ? formula instanceof Formula.Some : formula instanceof Formula.All;
  }

  private boolean any(
      List<Formula> terms, boolean wanted, @Nullable Pending rest, @Nullable Known known) {
    for (Formula term : terms) {
      if (open(new Pending(term, wanted, rest), known)) {
        return true;
      }
    }
    return false;
  }

  private static List<Predicate> possible(List<Predicate> predicates, boolean wanted) {
    return wanted
        ? predicates.stream().filter(p -> !Implication.isImpossible(p)).toList()
        : predicates;
  }

  /** Whether the newest literal contradicts one that is known. */
  private boolean closes(Known newest) {
    if (newest.holds() && newest.predicates().isEmpty()) {
      return true;
    }
    Set<Predicate> own = new HashSet<>(newest.predicates());
    comparisons += own.size();
    for (Known other = newest.next(); other != null; other = other.next()) {
      boolean contradict =
          newest.holds() == other.holds()
              ? newest.holds() && apart(newest, other)
              : newest.holds() ? swallows(newest, other, own) : swallows(other, newest, own);
      if (contradict) {
        return true;
      }
    }
    return !newest.holds() && bothBarred(newest);
  }

  /** None of {@code barred} holds, yet each of {@code choice} would make one of them hold. */
  private boolean swallows(Known choice, Known barred, Set<Predicate> newest) {
    for (Predicate p : choice.predicates()) {
      boolean swallowed =
          newest.contains(p) && barred.predicates().contains(p)
              || barred.predicates().stream().anyMatch(b -> compare() && Implication.implies(p, b));
      if (!swallowed) {
        return false;
      }
    }
    return true;
  }

  private boolean apart(Known a, Known b) {
    for (Predicate p : a.predicates()) {
      for (Predicate q : b.predicates()) {
        boolean apart =
            compare()
                && (Implication.excludes(p, q)
                    || oneValue
                        && p.field().equals(q.field())
                        && !p.field().isEmpty()
                        && Implication.excludesForOneValue(p, q));
        if (!apart) {
          return false;
        }
      }
    }
    return true;
  }

  /** Neither present nor missing. */
  private static boolean bothBarred(Known newest) {
    List<Predicate> barred = new ArrayList<>(newest.predicates());
    for (Known other = newest.next(); other != null; other = other.next()) {
      if (!other.holds()) {
        barred.addAll(other.predicates());
      }
    }
    return barred.stream()
        .anyMatch(
            p ->
                p instanceof Predicate.Exists exists
                    && exists.present()
                    && (barred.contains(new Predicate.Exists(exists.field(), false))
                        || barred.contains(new Predicate.IsNull(exists.field()))));
  }

  private boolean compare() {
    comparisons++;
    return true;
  }
}

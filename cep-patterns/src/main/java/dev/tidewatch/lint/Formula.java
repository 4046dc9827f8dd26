package dev.tidewatch.lint;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A rule as plain logic over predicates. */
sealed interface Formula {
  /** N of more selections than these, with N above 1, is not written out. */
  int MOST_COUNTED = 8;

  Formula TRUE = new All(List.of());
  Formula FALSE = new Some(List.of());

  /** Conjunction; true when empty. */
  record All(List<Formula> terms) implements Formula {
    public All {
      terms = List.copyOf(terms);
    }
  }

  /** Disjunction; false when empty. */
  record Some(List<Formula> terms) implements Formula {
    public Some {
      terms = List.copyOf(terms);
    }
  }

  /** Negation. */
  record No(Formula term) implements Formula {}

  /** At least one of these predicates, all of one field, holds. */
  record Choice(List<Predicate> predicates) implements Formula {
    public Choice {
      predicates = List.copyOf(predicates);
    }

    String field() {
      return predicates.get(0).field();
    }
  }

  /** Something that is not looked into; nothing is known of it. */
  record Opaque(Object what) implements Formula {}

  static Formula of(Detection detection) {
    return of(detection.condition(), name -> of(detection.selection(name)));
  }

  /**
   * @param selections what a selection's name stands for
   */
  static Formula of(Condition condition, Function<String, Formula> selections) {
    if (condition instanceof Condition.And and) {
      return new All(and.terms().stream().map(term -> of(term, selections)).toList());
    }
    if (condition instanceof Condition.Or or) {
      return new Some(or.terms().stream().map(term -> of(term, selections)).toList());
    }
    if (condition instanceof Condition.Not not) {
      return new No(of(not.term(), selections));
    }
    if (condition instanceof Condition.AllOf all) {
      return new All(all.selections().stream().map(selections).toList());
    }
    if (condition instanceof Condition.AtLeast some) {
      return atLeast(some, some.selections().stream().map(selections).toList());
    }
    return selections.apply(((Condition.Selection) condition).name());
  }

  private static Formula atLeast(Condition.AtLeast condition, List<Formula> parts) {
    boolean written = condition.count() == 1 || parts.size() <= MOST_COUNTED;
    return written ? atLeast(condition.count(), parts) : new Opaque(condition);
  }

  private static Formula atLeast(int count, List<Formula> parts) {
    if (count == 0) {
      return TRUE;
    }
    if (count > parts.size()) {
      return FALSE;
    }
    if (count == 1) {
      return new Some(parts);
    }
    List<Formula> rest = parts.subList(1, parts.size());
    Formula withFirst = new All(List.of(parts.get(0), atLeast(count - 1, rest)));
    return new Some(List.of(withFirst, atLeast(count, rest)));
  }

  static Formula of(Search search) {
    if (search instanceof Search.Every every) {
      return new All(every.parts().stream().map(Formula::of).toList());
    }
    if (search instanceof Search.Negated negated) {
      return new No(of(negated.part()));
    }
    if (search instanceof Search.Any any) {
      List<Predicate> predicates = new ArrayList<>();
      boolean oneField = collect(any, predicates);
      return oneField
          ? new Choice(predicates)
          : new Some(any.parts().stream().map(Formula::of).toList());
    }
    return new Choice(List.of(((Search.Test) search).predicate()));
  }

  /** False unless everything below is a test of the same field. */
  private static boolean collect(Search.Any any, List<Predicate> into) {
    for (Search part : any.parts()) {
      if (part instanceof Search.Test test) {
        into.add(test.predicate());
      } else if (!(part instanceof Search.Any nested) || !collect(nested, into)) {
        return false;
      }
    }
    return into.stream().allMatch(p -> p.field().equals(into.get(0).field()));
  }

  /** Whether it holds for an event that has no field at all. */
  static boolean holdsForNothing(Formula formula) {
    if (formula instanceof All all) {
      return all.terms().stream().allMatch(Formula::holdsForNothing);
    }
    if (formula instanceof Some some) {
      return some.terms().stream().anyMatch(Formula::holdsForNothing);
    }
    if (formula instanceof No no) {
      return !holdsForNothing(no.term());
    }
    return formula instanceof Choice choice
        && choice.predicates().stream()
            .anyMatch(
                p ->
                    p instanceof Predicate.IsNull
                        || p instanceof Predicate.Exists exists && !exists.present());
  }
}

package dev.tidewatch.match.index;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.util.List;
import java.util.function.ToIntFunction;

/** Turns detections into {@link Expr}s over numbered tests. */
final class Conditions {
  private final ToIntFunction<Predicate> numbers;

  Conditions(ToIntFunction<Predicate> numbers) {
    this.numbers = numbers;
  }

  Expr of(Detection detection) {
    return of(detection.condition(), detection);
  }

  private Expr of(Condition condition, Detection detection) {
    if (condition instanceof Condition.And and) {
      return Expr.every(and.terms().stream().map(term -> of(term, detection)).toList());
    }
    if (condition instanceof Condition.Or or) {
      return Expr.atLeast(1, or.terms().stream().map(term -> of(term, detection)).toList());
    }
    if (condition instanceof Condition.Not not) {
      return Expr.not(of(not.term(), detection));
    }
    if (condition instanceof Condition.AtLeast some) {
      return Expr.atLeast(some.count(), selections(some.selections(), detection));
    }
    if (condition instanceof Condition.AllOf all) {
      return Expr.every(selections(all.selections(), detection));
    }
    return of(detection.selection(((Condition.Selection) condition).name()));
  }

  private List<Expr> selections(List<String> names, Detection detection) {
    return names.stream().map(name -> of(detection.selection(name))).toList();
  }

  private Expr of(Search search) {
    if (search instanceof Search.Every every) {
      return Expr.every(every.parts().stream().map(this::of).toList());
    }
    if (search instanceof Search.Any any) {
      return Expr.atLeast(1, any.parts().stream().map(this::of).toList());
    }
    if (search instanceof Search.Negated negated) {
      return Expr.not(of(negated.part()));
    }
    return new Expr.Leaf(numbers.applyAsInt(((Search.Test) search).predicate()));
  }
}

package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.And;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Every;
import java.util.List;
import java.util.stream.Stream;

/** {@code a and (b and c)} is {@code a and b and c}; a conjunction of one part is that part. */
final class FlattenNestedConjunction extends TreeRewrite {
  @Override
  Condition rewrite(Condition node) {
    if (!(node instanceof And outer)) {
      return node;
    }
    if (outer.terms().size() == 1) {
      return outer.terms().get(0);
    }
    if (outer.terms().stream().noneMatch(And.class::isInstance)) {
      return node;
    }
    return new And(outer.terms().stream().flatMap(FlattenNestedConjunction::terms).toList());
  }

  private static Stream<Condition> terms(Condition term) {
    return term instanceof And inner ? inner.terms().stream() : Stream.of(term);
  }

  @Override
  Search rewrite(Search node) {
    if (!(node instanceof Every outer)) {
      return node;
    }
    List<Search> parts = outer.parts();
    if (parts.size() != 1 && parts.stream().noneMatch(Every.class::isInstance)) {
      return node;
    }
    return Search.every(parts.stream().flatMap(FlattenNestedConjunction::parts).toList());
  }

  private static Stream<Search> parts(Search part) {
    return part instanceof Every inner ? inner.parts().stream() : Stream.of(part);
  }
}

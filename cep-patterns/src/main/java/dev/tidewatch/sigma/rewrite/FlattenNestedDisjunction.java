package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.Or;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Any;
import java.util.List;
import java.util.stream.Stream;

/** {@code a or (b or c)} is {@code a or b or c}; a disjunction of one part is that part. */
final class FlattenNestedDisjunction extends TreeRewrite {
  @Override
  Condition rewrite(Condition node) {
    if (!(node instanceof Or outer)) {
      return node;
    }
    if (outer.terms().size() == 1) {
      return outer.terms().get(0);
    }
    if (outer.terms().stream().noneMatch(Or.class::isInstance)) {
      return node;
    }
    return new Or(outer.terms().stream().flatMap(FlattenNestedDisjunction::terms).toList());
  }

  private static Stream<Condition> terms(Condition term) {
    return term instanceof Or inner ? inner.terms().stream() : Stream.of(term);
  }

  @Override
  Search rewrite(Search node) {
    if (!(node instanceof Any outer)) {
      return node;
    }
    List<Search> parts = outer.parts();
    if (parts.size() != 1 && parts.stream().noneMatch(Any.class::isInstance)) {
      return node;
    }
    return Search.any(parts.stream().flatMap(FlattenNestedDisjunction::parts).toList());
  }

  private static Stream<Search> parts(Search part) {
    return part instanceof Any inner ? inner.parts().stream() : Stream.of(part);
  }
}

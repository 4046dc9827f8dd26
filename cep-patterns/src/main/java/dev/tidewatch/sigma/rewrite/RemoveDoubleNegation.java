package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.Not;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Negated;

/** {@code not not a} is {@code a}; the same for {@code neq} within {@code neq}. */
final class RemoveDoubleNegation extends TreeRewrite {
  @Override
  Condition rewrite(Condition node) {
    return node instanceof Not outer && outer.term() instanceof Not inner ? inner.term() : node;
  }

  @Override
  Search rewrite(Search node) {
    return node instanceof Negated outer && outer.part() instanceof Negated inner
        ? inner.part()
        : node;
  }
}

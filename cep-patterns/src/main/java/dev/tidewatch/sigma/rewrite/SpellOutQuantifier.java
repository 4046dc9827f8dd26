package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.AllOf;
import dev.tidewatch.sigma.ir.Condition.And;
import dev.tidewatch.sigma.ir.Condition.AtLeast;
import dev.tidewatch.sigma.ir.Condition.Or;
import dev.tidewatch.sigma.ir.Condition.Selection;
import java.util.List;
import java.util.function.Function;

/**
 * {@code all of s*} is a conjunction, {@code 1 of s*} a disjunction, {@code 2 of s*} of two
 * selections a conjunction, and any of these of one selection that selection. Other numbers stay.
 */
final class SpellOutQuantifier extends TreeRewrite {
  @Override
  Condition rewrite(Condition node) {
    if (node instanceof AllOf all) {
      return joined(node, all.selections(), And::new);
    }
    if (node instanceof AtLeast some && some.count() == some.selections().size()) {
      return joined(node, some.selections(), And::new);
    }
    if (node instanceof AtLeast some && some.count() == 1) {
      return joined(node, some.selections(), Or::new);
    }
    return node;
  }

  private static Condition joined(
      Condition node, List<String> names, Function<List<Condition>, Condition> operator) {
    return switch (names.size()) {
      case 0 -> node;
      case 1 -> new Selection(names.get(0));
      default -> operator.apply(names.stream().<Condition>map(Selection::new).toList());
    };
  }
}

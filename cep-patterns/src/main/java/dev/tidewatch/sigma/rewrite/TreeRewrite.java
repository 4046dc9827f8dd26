package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.And;
import dev.tidewatch.sigma.ir.Condition.Not;
import dev.tidewatch.sigma.ir.Condition.Or;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Any;
import dev.tidewatch.sigma.ir.Search.Every;
import dev.tidewatch.sigma.ir.Search.Negated;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A rewrite that looks at one node after the other, at those below a node before the node. */
abstract class TreeRewrite implements Rewrite {

  /** The node instead of this one, whose terms are rewritten already. */
  Condition rewrite(Condition node) {
    return node;
  }

  /** The node instead of this one, whose parts are rewritten already. */
  Search rewrite(Search node) {
    return node;
  }

  @Override
  public final Detection apply(Detection detection) {
    Condition condition = tree(detection.condition());
    boolean same = condition == detection.condition();
    Map<String, Search> selections = new LinkedHashMap<>();
    for (Map.Entry<String, Search> selection : detection.selections().entrySet()) {
      Search search = tree(selection.getValue());
      same &= search == selection.getValue();
      selections.put(selection.getKey(), search);
    }
    return same ? detection : new Detection(selections, condition);
  }

  private Condition tree(Condition node) {
    if (node instanceof And and) {
      return rewrite(parts(and, and.terms(), this::tree, And::new));
    }
    if (node instanceof Or or) {
      return rewrite(parts(or, or.terms(), this::tree, Or::new));
    }
    if (node instanceof Not not) {
      Condition term = tree(not.term());
      return rewrite(term == not.term() ? not : new Not(term));
    }
    return rewrite(node);
  }

  private Search tree(Search node) {
    if (node instanceof Every every) {
      return rewrite(parts(every, every.parts(), this::tree, Every::new));
    }
    if (node instanceof Any any) {
      return rewrite(parts(any, any.parts(), this::tree, Any::new));
    }
    if (node instanceof Negated negated) {
      Search part = tree(negated.part());
      return rewrite(part == negated.part() ? negated : new Negated(part));
    }
    return rewrite(node);
  }

  /** The node with its parts rewritten; the same object if none of them changed. */
  private static <T> T parts(
      T node, List<T> parts, UnaryOperator<T> tree, Function<List<T>, T> make) {
    List<T> changed = new ArrayList<>(parts.size());
    boolean same = true;
    for (T part : parts) {
      T rewritten = tree.apply(part);
      same &= rewritten == part;
      changed.add(rewritten);
    }
    return same ? node : make.apply(changed);
  }
}

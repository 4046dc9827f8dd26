package dev.tidewatch.sigma.rewrite;

import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Condition.And;
import dev.tidewatch.sigma.ir.Condition.Or;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import dev.tidewatch.sigma.ir.Search.Any;
import dev.tidewatch.sigma.ir.Search.Every;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the first of equal parts: {@code a or a} is {@code a}, and of the values {@code cmd} and
 * {@code CMD} one is enough where case does not count.
 */
final class MergeEqualParts extends TreeRewrite {
  @Override
  Condition rewrite(Condition node) {
    if (node instanceof And and) {
      List<Condition> terms = and.terms().stream().distinct().toList();
      return terms.size() == and.terms().size() ? node : joined(terms, new And(terms));
    }
    if (node instanceof Or or) {
      List<Condition> terms = or.terms().stream().distinct().toList();
      return terms.size() == or.terms().size() ? node : joined(terms, new Or(terms));
    }
    return node;
  }

  private static Condition joined(List<Condition> terms, Condition several) {
    return terms.size() == 1 ? terms.get(0) : several;
  }

  @Override
  Search rewrite(Search node) {
    if (node instanceof Every every) {
      List<Search> parts = different(every.parts());
      return parts.size() == every.parts().size() ? node : Search.every(parts);
    }
    if (node instanceof Any any) {
      List<Search> parts = different(any.parts());
      return parts.size() == any.parts().size() ? node : Search.any(parts);
    }
    return node;
  }

  private static List<Search> different(List<Search> parts) {
    Set<Search> seen = new HashSet<>();
    List<Search> different = new ArrayList<>(parts.size());
    for (Search part : parts) {
      if (seen.add(meaning(part))) {
        different.add(part);
      }
    }
    return different;
  }

  /** The part without what does not count: how a value was written, and the case of ASCII. */
  private static Search meaning(Search part) {
    if (part instanceof Search.Test test && test.predicate() instanceof Predicate.Text text) {
      return new Search.Test(
          new Predicate.Text(
              text.field(),
              text.mode(),
              text.cased() ? text.text() : text.text().mapText(AsciiCase::lower),
              text.cased(),
              ""));
    }
    return part;
  }
}

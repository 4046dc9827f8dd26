package dev.tidewatch.match;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewatch.sigma.ir.Predicate;
import java.util.List;

/**
 * A predicate on one value, as the reference tests it: for matchers that find values by themselves.
 * A field holds if one of its values passes.
 */
public final class ValueTest {
  private final PredicatePlans.OfField plan;

  private ValueTest(PredicatePlans.OfField plan) {
    this.plan = plan;
  }

  /**
   * @param predicate on a field's values one by one: no keyword, no test of presence, no reference
   *     to another field
   */
  public static ValueTest of(Predicate predicate) {
    if (predicate instanceof Predicate.Text text) {
      return new ValueTest(new PredicatePlans.OfText(text, 0));
    }
    if (predicate instanceof Predicate.NumberEquals number) {
      return new ValueTest(new PredicatePlans.OfNumber(number, 0));
    }
    if (predicate instanceof Predicate.Regex regex) {
      return new ValueTest(new PredicatePlans.OfRegex(regex, 0));
    }
    if (predicate instanceof Predicate.InNetwork network) {
      return new ValueTest(new PredicatePlans.OfNetwork(network, 0));
    }
    if (predicate instanceof Predicate.Compare compare) {
      return new ValueTest(new PredicatePlans.OfOrder(compare, 0));
    }
    if (predicate instanceof Predicate.InTime time) {
      return new ValueTest(new PredicatePlans.OfTime(time, 0));
    }
    throw new IllegalArgumentException("no test of one value: " + predicate);
  }

  public boolean passes(JsonNode value) {
    FieldValues values = new FieldValues();
    values.load(List.of(value));
    return plan.passes(values, 0);
  }
}

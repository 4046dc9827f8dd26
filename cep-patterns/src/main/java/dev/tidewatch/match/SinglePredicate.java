package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.util.Map;
import java.util.Optional;

/**
 * One predicate by itself, evaluated by the plans that {@link ExhaustiveMatcher} runs. For those
 * who ask why a rule fired or did not; planned anew on each call, so not for streams.
 */
public final class SinglePredicate {
  private static final String NAME = "predicate";

  private SinglePredicate() {}

  /**
   * The value of {@code event} by which the predicate holds, as matches report it; for a keyword
   * the text that holds it. Empty if the predicate does not hold.
   */
  public static Optional<String> valueThatHolds(Predicate predicate, EventDocument event) {
    Planner planner = new Planner();
    Plan plan =
        planner.plan(
            new Detection(Map.of(NAME, new Search.Test(predicate)), new Condition.Selection(NAME)));
    EventValues values = new EventValues(planner.fieldNames());
    values.begin(event);
    if (!plan.holds(values)) {
      return Optional.empty();
    }
    Evidence evidence = new Evidence();
    plan.explain(values, evidence);
    return Optional.of(evidence.fields().get(0).value());
  }

  /** Whether the predicate holds for {@code event}. */
  public static boolean holds(Predicate predicate, EventDocument event) {
    return valueThatHolds(predicate, event).isPresent();
  }
}

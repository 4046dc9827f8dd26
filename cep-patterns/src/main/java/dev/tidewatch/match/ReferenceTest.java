package dev.tidewatch.match;

import dev.tidewatch.events.EventDocument;
import dev.tidewatch.sigma.ir.Condition;
import dev.tidewatch.sigma.ir.Detection;
import dev.tidewatch.sigma.ir.Predicate;
import dev.tidewatch.sigma.ir.Search;
import java.util.Map;

/** A predicate on a whole event, as the reference tests it. Immutable. */
public final class ReferenceTest {
  private static final String NAME = "selection";

  private final Plan plan;
  private final String[] fields;

  private ReferenceTest(Plan plan, String[] fields) {
    this.plan = plan;
    this.fields = fields;
  }

  public static ReferenceTest of(Predicate predicate) {
    Planner planner = new Planner();
    Plan plan =
        planner.plan(
            new Detection(Map.of(NAME, new Search.Test(predicate)), new Condition.Selection(NAME)));
    return new ReferenceTest(plan, planner.fieldNames());
  }

  public boolean holds(EventDocument event) {
    EventValues values = new EventValues(fields);
    values.begin(event);
    return plan.holds(values);
  }
}

package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.Bounds;
import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.correlation.CorrelationPlan.Fired;
import dev.tidewatch.correlation.CorrelationPlan.InOrder;
import dev.tidewatch.correlation.CorrelationPlan.Measured;
import dev.tidewatch.correlation.CorrelationPlan.Percentile;
import dev.tidewatch.correlation.Windowing.Sliding;
import dev.tidewatch.remember.Machine;

/** Makes machines of plans. */
public final class CorrelationMachines {
  private CorrelationMachines() {}

  public static Machine of(CorrelationPlan plan) {
    if (plan.condition() instanceof Percentile percentile) {
      return new NumberMachine(plan, percentile.bounds());
    }
    if (plan.condition() instanceof Fired) {
      return new FiredRulesMachine(plan);
    }
    if (plan.condition() instanceof InOrder) {
      return new PrefixMachine(plan);
    }
    return measured(plan, ((Measured) plan.condition()).bounds());
  }

  private static Machine measured(CorrelationPlan plan, Bounds bounds) {
    boolean slides =
        !plan.decidedAtClose()
            && (plan.windowing() instanceof Sliding
                || plan.windowing() instanceof dev.tidewatch.correlation.Windowing.Count);
    return switch (plan.type()) {
      case EVENT_COUNT ->
          slides
              ? new RecentCountMachine(
                  plan.windowing().timespanMicros(), bounds.whole(), plan.members())
              : new TallyMachine(plan, bounds);
      case VALUE_SUM, VALUE_AVG ->
          slides ? new NumberMachine(plan, bounds) : new TallyMachine(plan, bounds);
      case VALUE_COUNT -> new DistinctMachine(plan, bounds);
      default -> new FiredRulesMachine(plan);
    };
  }
}

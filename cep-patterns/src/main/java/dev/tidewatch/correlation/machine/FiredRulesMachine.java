package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.Bounds;
import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.correlation.CorrelationPlan.Fired;
import dev.tidewatch.correlation.CorrelationPlan.Measured;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import org.jspecify.annotations.Nullable;

/** {@code temporal} (row 25): which rules fired, or how many of them, in any order. */
final class FiredRulesMachine extends WindowMachine<FiredRules> {
  private final Bounds.@Nullable Whole bounds;

  FiredRulesMachine(CorrelationPlan plan) {
    super(plan, FiredRules.class);
    bounds = plan.condition() instanceof Measured measured ? measured.bounds().whole() : null;
  }

  @Override
  public MachineState newState() {
    return new FiredRules();
  }

  @Override
  boolean takes(Match match) {
    return true;
  }

  @Override
  void slide(FiredRules state, long fromMicros) {
    state.slide(fromMicros);
  }

  @Override
  void add(FiredRules state, Match match, Conditions conditions) {
    state.add(match);
  }

  @Override
  boolean holds(FiredRules state) {
    if (state.members() == 0) {
      return false;
    }
    if (plan.condition() instanceof Fired fired) {
      return fired.expression().holds(state.members());
    }
    return bounds != null && bounds.hold(state.count());
  }
}

package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.Bounds;
import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.correlation.CorrelationType;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.math.BigDecimal;
import java.util.List;

/** Counts, sums and averages over windows from which nothing leaves before their end. */
final class TallyMachine extends WindowMachine<Tally> {
  private final CorrelationType type;
  private final Bounds bounds;

  TallyMachine(CorrelationPlan plan, Bounds bounds) {
    super(plan, Tally.class);
    this.type = plan.type();
    this.bounds = bounds;
  }

  @Override
  public MachineState newState() {
    return new Tally();
  }

  @Override
  boolean takes(Match match) {
    return !type.readsNumbers() || Decimals.isNumber(match.field(0));
  }

  @Override
  void slide(Tally state, long fromMicros) {
    throw new IllegalStateException("nothing leaves a tally");
  }

  @Override
  void add(Tally state, Match match, Conditions conditions) {
    BigDecimal value = type.readsNumbers() ? Decimals.parse(match.field(0)) : null;
    state.add(match, value == null ? BigDecimal.ZERO : value);
  }

  @Override
  boolean holds(Tally state) {
    return switch (type) {
      case EVENT_COUNT -> bounds.hold(BigDecimal.valueOf(state.count()));
      case VALUE_AVG -> bounds.holdAverage(state.sum(), state.count());
      default -> bounds.hold(state.sum());
    };
  }

  @Override
  List<Finding> findings(Tally state) {
    return type == CorrelationType.EVENT_COUNT
        ? List.of()
        : NumberMachine.findings(plan, state.sum(), state.count());
  }
}

package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.Bounds;
import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.correlation.CorrelationPlan.Percentile;
import dev.tidewatch.correlation.CorrelationType;
import dev.tidewatch.correlation.Windowing.Count;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** Sums and averages over windows that slide, and percentiles over any. */
final class NumberMachine extends WindowMachine<NumberWindow> {
  private final Bounds bounds;
  private final int bound;
  private final int limit;
  private final int needed;

  NumberMachine(CorrelationPlan plan, Bounds bounds) {
    super(plan, NumberWindow.class);
    this.bounds = bounds;
    boolean ordered = plan.condition() instanceof Percentile;
    this.bound = ordered ? CorrelationPlan.MAX_SORTED : CorrelationPlan.MAX_NUMBERS;
    this.limit = plan.windowing() instanceof Count count ? count.size() : Integer.MAX_VALUE;
    this.needed = plan.windowing() instanceof Count count ? count.size() : 1;
  }

  @Override
  public MachineState newState() {
    return new NumberWindow(plan.condition() instanceof Percentile);
  }

  @Override
  boolean takes(Match match) {
    return Decimals.isNumber(match.field(0));
  }

  @Override
  void slide(NumberWindow state, long fromMicros) {
    state.removeBefore(fromMicros);
  }

  @Override
  void add(NumberWindow state, Match match, Conditions conditions) {
    BigDecimal number = Decimals.parse(match.field(0));
    if (number != null && state.add(match, number, bound, limit)) {
      conditions.overflow(
          String.format(Locale.ROOT, "%,d numbers in a window; the oldest do not count", bound));
    }
  }

  @Override
  boolean holds(NumberWindow state) {
    if (state.size() < needed) {
      return false;
    }
    if (plan.condition() instanceof Percentile percentile) {
      return bounds.hold(state.atRank(percentile.rank(state.size())));
    }
    return plan.type() == CorrelationType.VALUE_AVG
        ? bounds.holdAverage(state.sum(), state.size())
        : bounds.hold(state.sum());
  }

  @Override
  List<Finding> findings(NumberWindow state) {
    if (plan.condition() instanceof Percentile percentile) {
      String name = "p" + percentile.percentile().stripTrailingZeros().toPlainString();
      BigDecimal value = state.atRank(percentile.rank(state.size()));
      return List.of(finding(name + " " + plan.valueFields().get(0), value));
    }
    return findings(plan, state.sum(), state.size());
  }

  static List<Finding> findings(CorrelationPlan plan, BigDecimal sum, long count) {
    String field = plan.valueFields().get(0);
    return plan.type() == CorrelationType.VALUE_AVG
        ? List.of(
            finding("avg " + field, sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL64)))
        : List.of(finding("sum " + field, sum));
  }

  private static Finding finding(String name, BigDecimal value) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    return new Finding(-1, name, plain.toPlainString());
  }
}

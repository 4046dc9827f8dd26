package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.Bounds;
import dev.tidewatch.correlation.CorrelationPlan;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.util.List;
import java.util.Locale;

/** {@code value_count} (row 27). A match without the value takes no part. */
final class DistinctMachine extends WindowMachine<DistinctValues> {
  private final Bounds.Whole bounds;
  private final int fields;
  private final int kept;
  private final boolean sampling;

  DistinctMachine(CorrelationPlan plan, Bounds bounds) {
    super(plan, DistinctValues.class);
    this.bounds = bounds.whole();
    this.fields = plan.valueFields().size();
    long largest = Math.max(1, this.bounds.largest());
    this.sampling = largest > CorrelationPlan.MAX_DISTINCT;
    this.kept = (int) Math.min(largest, CorrelationPlan.MAX_DISTINCT);
  }

  @Override
  public MachineState newState() {
    return new DistinctValues();
  }

  @Override
  boolean takes(Match match) {
    for (int i = 0; i < fields; i++) {
      if (match.field(i) == null) {
        return false;
      }
    }
    return true;
  }

  @Override
  void slide(DistinctValues state, long fromMicros) {
    state.slide(
        fromMicros,
        Micros.after(fromMicros, plan.windowing().timespanMicros()),
        CorrelationPlan.MAX_DISTINCT / 10);
  }

  @Override
  void add(DistinctValues state, Match match, Conditions conditions) {
    ValueKey key = ValueKey.of(match, fields);
    if (key == null) {
      return;
    }
    if (!sampling) {
      state.addNewest(key, match, kept);
    } else if (state.addSampled(key, match, kept)) {
      conditions.overflow(
          String.format(
              Locale.ROOT, "%,d distinct values in a window; they are estimated from here", kept));
    }
  }

  @Override
  boolean holds(DistinctValues state) {
    return state.size() > 0 && bounds.hold(state.distinct());
  }

  @Override
  List<Finding> findings(DistinctValues state) {
    boolean more = !sampling && state.size() == kept && bounds.from() < kept;
    return List.of(
        new Finding(
            -1,
            "distinct " + String.join(", ", plan.valueFields()),
            (state.isEstimate() ? "about " : more ? "at least " : "") + state.distinct()));
  }
}

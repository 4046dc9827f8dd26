package dev.tidewatch.pattern.machines;

import dev.tidewatch.pattern.plan.CadencePlan;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.Conditions.Finding;
import dev.tidewatch.remember.Conditions.Window;
import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.MachineState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Regular intervals: of the gaps between the newest {@code at-least} events, the median lies in the
 * range, and four of five lie within {@code jitter} of the median. So a beacon that is missed now
 * and then, or an extra event, does not hide the rest. Events of one microsecond count once.
 *
 * <p>True at each event for which it holds; false at the first for which it does not.
 */
public final class CadenceMachine extends EventMachine<CadenceState> {
  private final CadencePlan plan;

  public CadenceMachine(CadencePlan plan) {
    super(CadenceState.class);
    this.plan = plan;
  }

  public CadencePlan plan() {
    return plan;
  }

  @Override
  public MachineState newState() {
    return new CadenceState(plan.atLeast());
  }

  @Override
  protected void onEvent(CadenceState state, PatternEvent event, Conditions conditions) {
    if (!state.isEmpty()) {
      long gap = event.timeMicros() - state.lastMicros();
      if (gap == 0) {
        return;
      }
      if (gap > plan.silenceMicros()) {
        state.clear();
      }
    }
    state.add(event.ref(-1));
    if (isRegular(state)) {
      conditions.holds(event.matches()[0], new Beat(state));
    } else {
      conditions.fails();
    }
  }

  private boolean isRegular(CadenceState state) {
    if (!state.isFull()) {
      return false;
    }
    long median = state.median();
    if (median < plan.shortestMicros() || median > plan.longestMicros()) {
      return false;
    }
    int gaps = plan.atLeast() - 1;
    return state.near(median, (long) (plan.jitter() * median)) >= needed(gaps);
  }

  /** Four of five, rounded up. */
  static int needed(int gaps) {
    return (4 * gaps + 4) / 5;
  }

  @Override
  public long forgetAt(MachineState state) {
    CadenceState its = (CadenceState) state;
    if (!its.instant().isEmpty()) {
      return Long.MAX_VALUE;
    }
    return its.isEmpty() ? Long.MIN_VALUE : its.lastMicros() + plan.silenceMicros();
  }

  /** The newest events as an episode opens. */
  private final class Beat implements Window {
    private final CadenceState state;

    Beat(CadenceState state) {
      this.state = state;
    }

    @Override
    public long count() {
      return plan.atLeast();
    }

    @Override
    public long firstMicros() {
      return state.events().get(0).timeMicros();
    }

    @Override
    public List<EventRef> evidence(int cap) {
      List<EventRef> events = state.events();
      return events.subList(Math.max(0, events.size() - cap), events.size());
    }

    @Override
    public List<Finding> findings() {
      long median = state.median();
      int near = state.near(median, (long) (plan.jitter() * median));
      return List.of(
          new Finding(-1, "median interval", text(median)),
          new Finding(
              -1,
              String.format(Locale.ROOT, "intervals within %.0f%%", plan.jitter() * 100),
              near + " of " + (plan.atLeast() - 1)));
    }

    private String text(long micros) {
      Duration length = Duration.ofMillis(micros / 1_000);
      return length.toString().substring(2).toLowerCase(Locale.ROOT);
    }
  }
}

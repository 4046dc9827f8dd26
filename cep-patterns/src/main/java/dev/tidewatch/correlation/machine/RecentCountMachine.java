package dev.tidewatch.correlation.machine;

import dev.tidewatch.correlation.Bounds;
import dev.tidewatch.remember.Conditions;
import dev.tidewatch.remember.Machine;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;

/**
 * {@code event_count} over a sliding window with a lower bound.
 *
 * <p>Of a group only the newest {@code n} matches are kept, {@code n} the first number from which
 * on the condition does not change: there are {@code n} matches in {@code [t - timespan, t]} just
 * when the n-th newest is not older than {@code t - timespan}; how many more there are does not
 * matter.
 */
public final class RecentCountMachine implements Machine {
  private final long timespanMicros;
  private final Bounds.Whole bounds;
  private final int kept;
  private final boolean ofOne;

  /**
   * @param members how many rules it listens to
   */
  public RecentCountMachine(long timespanMicros, Bounds.Whole bounds, int members) {
    this.timespanMicros = timespanMicros;
    this.bounds = bounds;
    this.kept = Math.toIntExact(Math.max(1, bounds.largest()));
    this.ofOne = members == 1;
  }

  @Override
  public MachineState newState() {
    return ofOne ? new RecentCount.OfOne() : new RecentCount.OfSeveral();
  }

  @Override
  public void onMatch(MachineState state, Match match, Conditions conditions) {
    RecentCount recent = (RecentCount) state;
    recent.removeBefore(Micros.before(match.timeMicros(), timespanMicros));
    if (recent.size() == 0 || !bounds.hold(recent.size())) {
      conditions.fails();
    }
    recent.add(match, kept);
    if (bounds.hold(recent.size())) {
      conditions.holds(match, recent);
    } else {
      conditions.fails();
    }
  }

  @Override
  public long forgetAt(MachineState state) {
    RecentCount recent = (RecentCount) state;
    return recent.size() == 0
        ? Long.MIN_VALUE
        : Micros.after(recent.time(recent.size() - 1), timespanMicros);
  }
}

package dev.tidewatch.remember;

/**
 * Decides one stateful rule. Immutable and shared by all groups; what it remembers of a group is a
 * {@link MachineState}. It sees a group's matches once each, in {@link Match#ORDER}, and the times
 * it asked for in between, after the matches of the same microsecond: windows hold both their ends.
 */
public interface Machine {
  MachineState newState();

  void onMatch(MachineState state, Match match, Conditions conditions);

  /**
   * The next instant at which {@link #onTime} is to be called, microseconds since the Unix epoch;
   * {@code Long.MAX_VALUE} for none. Asked after each call.
   */
  default long nextTime(MachineState state) {
    return Long.MAX_VALUE;
  }

  /** The watermark has passed {@code timeMicros}: no match at or before it can come any more. */
  default void onTime(MachineState state, long timeMicros, Conditions conditions) {}

  /**
   * From when on the state says nothing any more and may be dropped if no match comes; {@code
   * Long.MAX_VALUE} for never. A group is freed at that time.
   */
  long forgetAt(MachineState state);
}

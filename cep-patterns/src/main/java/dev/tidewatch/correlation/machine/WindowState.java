package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.MachineState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** What is kept of a group's window. Empty until a match was added, and after {@link #clear}. */
abstract class WindowState implements MachineState {
  static final long NEVER = Long.MIN_VALUE;

  /** Time of the match that opened the window; for sliding ones, the first of all. */
  long startMicros = NEVER;

  /** Time of the newest match. */
  long lastMicros = NEVER;

  final boolean isEmpty() {
    return lastMicros == NEVER;
  }

  /** Matches that make the condition true. */
  abstract long count();

  /** Time of the earliest of them. */
  abstract long firstMicros();

  abstract List<EventRef> evidence(int cap);

  /** Forgets the window. */
  void clear() {
    startMicros = NEVER;
    lastMicros = NEVER;
  }

  final void writeTimes(DataOutput out) throws IOException {
    out.writeLong(startMicros);
    out.writeLong(lastMicros);
  }

  final void readTimes(DataInput in) throws IOException {
    startMicros = in.readLong();
    lastMicros = in.readLong();
  }
}

package dev.tidewatch.pattern.machines;

import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.Match;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** State of an {@link EventMachine}: the matches of the instant that has not ended yet. */
public abstract class EventState implements MachineState {
  private final List<Match> instant = new ArrayList<>(1);

  public final List<Match> instant() {
    return instant;
  }

  /** Writes what this class holds; to be called first. */
  protected final void writeInstant(DataOutput out) throws IOException {
    out.writeInt(instant.size());
    for (Match match : instant) {
      GroupState.write(match, out);
    }
  }

  /** Reads what {@link #writeInstant} wrote. */
  protected final void readInstant(DataInput in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      instant.add(GroupState.readMatch(in));
    }
  }
}

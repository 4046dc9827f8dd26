package dev.tidewatch.pattern.machines;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.MachineStateFormat;
import java.io.DataInput;
import java.io.IOException;

/** Reads {@link CadenceState}s. */
public final class CadenceStateFormat implements MachineStateFormat {
  private static final int MAX_CAPACITY = 4_096;

  @Override
  public int id() {
    return CadenceState.FORMAT;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public MachineState read(DataInput in, int version) throws IOException {
    CadenceState header = new CadenceState(1);
    header.readInstant(in);
    int capacity = in.readInt();
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IOException("no state of a cadence: " + capacity + " events");
    }
    CadenceState state = new CadenceState(capacity);
    state.instant().addAll(header.instant());
    for (int left = in.readInt(); left > 0; left--) {
      state.add(new EventRef(in.readLong(), in.readLong(), in.readLong(), in.readInt()));
    }
    return state;
  }
}

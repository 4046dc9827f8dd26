package dev.tidewatch.jobs.remember;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.MachineStateFormat;
import java.io.DataInput;
import java.io.IOException;

/** States of {@link BurstMachine}. Found by the service loader. */
public final class BurstStateFormat implements MachineStateFormat {
  static final int ID = 9_001;

  @Override
  public int id() {
    return ID;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public MachineState read(DataInput in, int version) throws IOException {
    BurstMachine.State state = new BurstMachine.State();
    for (int left = in.readInt(); left > 0; left--) {
      state.events.add(new EventRef(in.readLong(), in.readLong(), in.readLong(), in.readInt()));
    }
    return state;
  }
}

package dev.tidewatch.jobs.cep;

import dev.tidewatch.remember.MachineState;
import dev.tidewatch.remember.MachineStateFormat;
import java.io.DataInput;
import java.io.IOException;

/** Reads {@link NfaGroupState}s. */
public final class NfaGroupStateFormat implements MachineStateFormat {
  @Override
  public int id() {
    return NfaGroupState.FORMAT;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public MachineState read(DataInput in, int version) throws IOException {
    return NfaGroupState.read(in);
  }
}

package dev.tidewatch.remember;

import java.io.DataOutput;
import java.io.IOException;

/**
 * What a {@link Machine} keeps of one group: plain mutable data that knows how to write itself. The
 * machine, not the state, knows the rule.
 */
public interface MachineState {
  /** Which {@link MachineStateFormat} reads it back. Stable: it stands in checkpoints. */
  int format();

  /** Writes the newest version of the format, without a header. */
  void write(DataOutput out) throws IOException;

  /** Bytes of memory, about; for the metric and for bounds. */
  long sizeBytes();
}

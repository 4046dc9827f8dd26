package dev.tidewatch.remember;

import java.io.DataInput;
import java.io.IOException;

/**
 * Reads the states of one kind of machine. Found by {@link java.util.ServiceLoader}, so that a
 * module above can bring a machine of its own.
 */
public interface MachineStateFormat {
  /** Number that stands in checkpoints before each state. Never given to another format. */
  int id();

  /** Version that {@link MachineState#write} writes now, from 1. */
  int version();

  /**
   * @param version that the state was written with, at most {@link #version()}
   * @throws IOException when the bytes are no such state
   */
  MachineState read(DataInput in, int version) throws IOException;
}

package dev.tidewatch.agent.collect.inventory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A list of things that this machine has. */
interface ItemSource {
  /** As events name it, e.g. {@code ports}. */
  String service();

  /** The class of OCSF's discovery category. */
  int ocsfClass();

  /**
   * All there are; empty when nothing can have changed since the last call, or when this machine
   * has no such list.
   */
  Optional<List<InventoryItem>> read() throws IOException;

  /** Makes the next {@link #read} read, whether anything has changed or not. */
  default void forget() {}
}

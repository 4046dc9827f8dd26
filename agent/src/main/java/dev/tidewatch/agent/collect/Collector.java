package dev.tidewatch.agent.collect;

import java.io.IOException;
import java.util.Optional;

/**
 * Watches one thing on this machine. It may be run again after it has failed; what must survive
 * that it keeps itself.
 */
public interface Collector {
  /** As in the configuration, e.g. {@code process}. */
  String name();

  /** Why it cannot work on this machine; empty: it can. Asked before every run. */
  default Optional<String> unavailable() {
    return Optional.empty();
  }

  /**
   * Whether its source keeps what is not read yet, as a file does. Over its rate such a collector
   * waits; others drop and count.
   */
  boolean canWait();

  /** Runs until interrupted. A return or an exception means that it has to be started again. */
  void run(Emitter emitter) throws IOException, InterruptedException;
}

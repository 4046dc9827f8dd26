package dev.tidewatch.agent.respond;

import dev.tidewatch.ingest.v1.Command;
import java.io.IOException;

/** Carries out one kind of command. */
interface Action {
  /**
   * Does it; with {@code dry_run} says what it would do, and changes nothing.
   *
   * @throws Refused when it must not or cannot be done
   */
  Outcome perform(Command command) throws Refused, IOException, InterruptedException;
}

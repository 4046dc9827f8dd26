package dev.tidewatch.agent.respond;

import dev.tidewatch.agent.config.ConfigurationException;
import java.io.IOException;

/** Takes a new configuration. */
public interface ConfigurationTarget {
  /** Version that is in force; 0: the machine's own file. */
  long version();

  /**
   * Whether it could be used.
   *
   * @throws ConfigurationException with its problems
   */
  void check(String content) throws ConfigurationException;

  /** Keeps it and lets the agent run with it from now on. */
  void change(long version, String content) throws IOException, ConfigurationException;
}

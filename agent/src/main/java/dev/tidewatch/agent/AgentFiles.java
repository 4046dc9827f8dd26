package dev.tidewatch.agent;

import java.nio.file.Path;

/**
 * Where an agent keeps what.
 *
 * @param state directory of everything the agent writes
 * @param configuration the machine's own configuration file; need not exist
 */
public record AgentFiles(Path state, Path configuration) {
  public static final AgentFiles INSTALLED =
      new AgentFiles(
          Path.of("/var/lib/tidewatch-agent"), Path.of("/etc/tidewatch/agent.properties"));

  public AgentFiles {
    state = state.toAbsolutePath().normalize();
  }

  /** Key and certificate. */
  public Path identity() {
    return state.resolve("identity");
  }

  Path spool() {
    return state.resolve("spool");
  }

  /** How far collectors have read. */
  Path progress(String collector) {
    return state.resolve("progress").resolve(collector);
  }

  /** What the gateway has not acknowledged of commands. */
  Path replies() {
    return state.resolve("replies");
  }

  Path isolation() {
    return state.resolve("isolation");
  }

  /** The configuration that the gateway sent; it counts instead of the machine's own. */
  Path managedConfiguration() {
    return state.resolve("managed.properties");
  }

  /** How the running agent is. */
  public Path status() {
    return state.resolve("status.json");
  }
}

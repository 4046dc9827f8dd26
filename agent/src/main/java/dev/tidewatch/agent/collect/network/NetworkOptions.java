package dev.tidewatch.agent.collect.network;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param interval between two looks; connections that live shorter are missed
 * @param proc where the proc file system is
 * @param passwd names of users
 */
public record NetworkOptions(Duration interval, Path proc, Path passwd) {
  public static final NetworkOptions DEFAULT =
      new NetworkOptions(Duration.ofSeconds(2), Path.of("/proc"), Path.of("/etc/passwd"));

  public NetworkOptions withInterval(Duration pause) {
    return new NetworkOptions(pause, proc, passwd);
  }
}

package dev.tidewatch.agent.collect.network;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param diag whether to ask the kernel over netlink where it can be asked
 * @param interval between two looks while no program starts
 * @param proc where the proc file system is
 * @param passwd names of users
 */
public record NetworkOptions(boolean diag, Duration interval, Path proc, Path passwd) {
  public static final NetworkOptions DEFAULT =
      new NetworkOptions(true, Duration.ofSeconds(1), Path.of("/proc"), Path.of("/etc/passwd"));

  public NetworkOptions withDiag(boolean use) {
    return new NetworkOptions(use, interval, proc, passwd);
  }

  public NetworkOptions withInterval(Duration pause) {
    return new NetworkOptions(diag, pause, proc, passwd);
  }
}

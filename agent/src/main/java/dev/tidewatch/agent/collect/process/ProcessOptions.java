package dev.tidewatch.agent.collect.process;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param connector whether to use the kernel's process connector where it is permitted
 * @param pollInterval between two looks at {@code /proc} without it
 * @param exits whether ends of processes are events
 * @param maxCommandLine bytes of a command line that are kept
 * @param maxHashBytes larger executables are not hashed; 0: none are
 * @param proc where the proc file system is
 * @param passwd names of users
 */
public record ProcessOptions(
    boolean connector,
    Duration pollInterval,
    boolean exits,
    int maxCommandLine,
    long maxHashBytes,
    Path proc,
    Path passwd) {
  public static final ProcessOptions DEFAULT =
      new ProcessOptions(
          true,
          Duration.ofSeconds(1),
          true,
          32 << 10,
          64L << 20,
          Path.of("/proc"),
          Path.of("/etc/passwd"));

  public ProcessOptions withConnector(boolean use) {
    return new ProcessOptions(use, pollInterval, exits, maxCommandLine, maxHashBytes, proc, passwd);
  }
}

package dev.tidewatch.agent.collect.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * @param watch files to watch
 * @param ignore files among them to leave out
 * @param settle how long a file must be quiet before it is read
 * @param maxHashBytes larger files are not hashed
 * @param maxDirectories to watch at most; the kernel counts them
 * @param maxFiles to remember at most
 * @param baseline where the remembered states are kept
 * @param who whether to ask the kernel who it was, where that is permitted
 * @param proc where the proc file system is
 * @param passwd names of users
 */
public record FileOptions(
    List<WatchedGlob> watch,
    List<WatchedGlob> ignore,
    Duration settle,
    long maxHashBytes,
    int maxDirectories,
    int maxFiles,
    Path baseline,
    boolean who,
    Path proc,
    Path passwd) {
  public FileOptions {
    watch = List.copyOf(watch);
    ignore = List.copyOf(ignore);
  }

  /** Options for {@code watch} with everything else as usual. */
  public static FileOptions of(List<WatchedGlob> watch, Path baseline) {
    return new FileOptions(
        watch,
        List.of(),
        Duration.ofMillis(300),
        32L << 20,
        4096,
        20_000,
        baseline,
        true,
        Path.of("/proc"),
        Path.of("/etc/passwd"));
  }

  FileOptions withWho(boolean ask) {
    return new FileOptions(
        watch, ignore, settle, maxHashBytes, maxDirectories, maxFiles, baseline, ask, proc, passwd);
  }

  boolean isWatched(Path file) {
    return watch.stream().anyMatch(glob -> glob.matches(file))
        && ignore.stream().noneMatch(glob -> glob.matches(file));
  }

  boolean isReached(Path directory) {
    return watch.stream().anyMatch(glob -> glob.reaches(directory));
  }
}

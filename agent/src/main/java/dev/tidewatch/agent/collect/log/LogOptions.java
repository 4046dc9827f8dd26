package dev.tidewatch.agent.collect.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * @param files paths; the last part may be a glob
 * @param interval between two looks
 * @param rotationQuiet how long a rotated file must have been quiet before the new one is read
 * @param maxLine bytes of a line that are kept; the rest is skipped
 * @param fromBeginning whether a file that is seen for the first time is read from its beginning;
 *     of those that appear later every one is
 * @param maxFiles to follow at once
 * @param positions where it is kept how far files were read
 */
public record LogOptions(
    List<String> files,
    Duration interval,
    Duration rotationQuiet,
    int maxLine,
    boolean fromBeginning,
    int maxFiles,
    Path positions) {
  public LogOptions {
    files = List.copyOf(files);
  }

  public static LogOptions of(List<String> files, Path positions) {
    return new LogOptions(
        files, Duration.ofMillis(500), Duration.ofSeconds(2), 32 << 10, false, 64, positions);
  }

  public LogOptions withFromBeginning(boolean from) {
    return new LogOptions(files, interval, rotationQuiet, maxLine, from, maxFiles, positions);
  }

  public LogOptions withIntervals(Duration pause, Duration quiet) {
    return new LogOptions(files, pause, quiet, maxLine, fromBeginning, maxFiles, positions);
  }
}

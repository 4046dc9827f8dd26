package dev.tidewatch.benchmarks.chaos;

/** Where the rig says what it does, a line at a time. */
public interface Progress {
  void say(String line);
}

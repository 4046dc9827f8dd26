package dev.tidewatch.jobs.sink;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses that double up to a limit, each between half and all of its length (equal jitter). */
final class Backoff {
  private final long firstMillis;
  private final long mostMillis;
  private final RandomGenerator random;
  private long nextMillis;

  Backoff(Duration first, Duration most, RandomGenerator random) {
    this.firstMillis = first.toMillis();
    this.mostMillis = most.toMillis();
    this.random = random;
    this.nextMillis = firstMillis;
  }

  Duration next() {
    long bound = nextMillis;
    nextMillis = Math.min(mostMillis, bound * 2);
    long half = bound / 2;
    return Duration.ofMillis(half + random.nextLong(bound - half + 1));
  }

  void reset() {
    nextMillis = firstMillis;
  }
}

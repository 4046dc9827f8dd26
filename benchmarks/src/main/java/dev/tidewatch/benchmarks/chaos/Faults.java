package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.benchmarks.chaos.ChaosCluster.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Kills parts at random moments, not waiting for recovery in between, and starts each again a
 * moment later. Every part gets its turn before one is killed twice as often as another.
 */
final class Faults {
  private final ChaosCluster cluster;
  private final SplittableRandom random;
  private final Progress progress;
  private final Map<Part, Integer> kills = new EnumMap<>(Part.class);
  private final List<Part> bag = new ArrayList<>();

  Faults(ChaosCluster cluster, long seed, Progress progress) {
    this.cluster = cluster;
    this.random = new SplittableRandom(seed);
    this.progress = progress;
  }

  /** Kills until {@code deadlineNanos} of {@link System#nanoTime()}. */
  void runUntil(long deadlineNanos) throws IOException {
    while (System.nanoTime() < deadlineNanos) {
      strike();
      Pause.millis(random.nextLong(1_000, 12_000));
    }
  }

  /** One kill, and the part's next life after up to 3 s. */
  void strike() throws IOException {
    Part part = next();
    progress.say("kill -9 " + part);
    cluster.kill(part);
    kills.merge(part, 1, Integer::sum);
    Pause.millis(random.nextLong(3_000));
    cluster.start(part);
  }

  private Part next() {
    if (bag.isEmpty()) {
      bag.addAll(List.of(Part.values()));
    }
    return bag.remove(random.nextInt(bag.size()));
  }

  /** How often each was killed. */
  Map<Part, Integer> kills() {
    return kills;
  }
}

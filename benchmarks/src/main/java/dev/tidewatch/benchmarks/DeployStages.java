package dev.tidewatch.benchmarks;

import dev.tidewatch.control.deploy.DeploymentWatch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When the control API had a revision how far; microseconds since the epoch. */
final class DeployStages implements DeploymentWatch {
  private final Map<Long, Map<Step, Long>> reached = new ConcurrentHashMap<>();

  @Override
  public void at(Step step, long revision) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    reached.compute(
        revision,
        (key, steps) -> {
          Map<Step, Long> more = new EnumMap<>(Step.class);
          more.putAll(steps == null ? Map.of() : steps);
          more.put(step, now);
          return more;
        });
  }

  /** What is known of a revision, which is forgotten. */
  Map<Step, Long> take(long revision) {
    Map<Step, Long> steps = reached.remove(revision);
    return steps == null ? Map.of() : steps;
  }
}

package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.pipeline.WatchedProbe.Outcome;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One look at all parts at once.
 *
 * @param flink empty where no Flink is configured
 */
record Look(
    long timeMs,
    Outcome<KafkaReading> kafka,
    Outcome<StoreReading> store,
    Optional<Outcome<FlinkReading>> flink) {

  Optional<FlinkReading> job() {
    return flink.flatMap(Outcome::reading);
  }

  boolean isJobRunning() {
    return job().filter(FlinkReading::isRunning).isPresent();
  }

  /**
   * Records that wait: by the running job's own count, which is as old as Flink's metrics are, or
   * else by what its group has not committed, which is as old as its last checkpoint.
   */
  OptionalLong waiting() {
    OptionalLong pending = isJobRunning() ? job().orElseThrow().pending() : OptionalLong.empty();
    return pending.isPresent()
        ? pending
        : kafka.reading().map(KafkaReading::uncommitted).orElse(OptionalLong.empty());
  }
}

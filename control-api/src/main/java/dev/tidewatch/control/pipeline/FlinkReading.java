package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth.Checkpoint;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Flink says of the detection job.
 *
 * @param state Flink's name for it, {@code RUNNING}; empty when there is no such job
 * @param startedMs when it was submitted
 * @param checkpoint the last that completed
 * @param restarts since it was submitted
 * @param pending records that its source has not read; empty while the source has none to report
 * @param late events that came behind the watermark since the job (re)started; empty when unknown
 */
record FlinkReading(
    String state,
    long startedMs,
    Optional<Checkpoint> checkpoint,
    long restarts,
    OptionalLong pending,
    OptionalLong late) {
  static final FlinkReading NO_JOB =
      new FlinkReading("", 0, Optional.empty(), 0, OptionalLong.empty(), OptionalLong.empty());
}

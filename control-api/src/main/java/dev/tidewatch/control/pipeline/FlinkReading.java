package dev.tidewatch.control.pipeline;

import dev.tidewatch.control.v1.PipelineHealth.Checkpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What Flink says of the detection job.
 *
 * @param state Flink's name for it, {@code RUNNING}; empty when there is no such job
 * @param startedMs when it was submitted
 * @param checkpoint the last that completed
 * @param checkpoints the last that ended or are under way, newest first
 * @param restarts since it was submitted
 * @param figures sums over all subtasks since the job (re)started; absent: unknown
 * @param busyShare of the busiest subtask of the task that matches, 0 to 1
 */
record FlinkReading(
    String state,
    long startedMs,
    Optional<Checkpoint> checkpoint,
    List<Checkpoint> checkpoints,
    long restarts,
    Map<JobFigure, Long> figures,
    OptionalDouble busyShare) {
  static final FlinkReading NO_JOB =
      new FlinkReading("", 0, Optional.empty(), List.of(), 0, Map.of(), OptionalDouble.empty());

  FlinkReading {
    checkpoints = List.copyOf(checkpoints);
    figures = Map.copyOf(figures);
  }

  /** Records that its source has not read. */
  OptionalLong pending() {
    return figure(JobFigure.PENDING);
  }

  OptionalLong figure(JobFigure figure) {
    Long value = figures.get(figure);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  boolean isRunning() {
    return state.equals("RUNNING");
  }
}

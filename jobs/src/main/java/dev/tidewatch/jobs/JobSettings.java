package dev.tidewatch.jobs;

import dev.tidewatch.jobs.options.DetectionOptions;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Flink settings that the job needs to be right; everything else is the cluster's to decide. */
final class JobSettings {
  private JobSettings() {}

  static void apply(StreamExecutionEnvironment env, DetectionOptions options) {
    options.getOptional(DetectionOptions.PARALLELISM).ifPresent(env::setParallelism);
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.NAME, DetectionJob.NAME);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    settings.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(200));
    settings.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    settings.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        options.get(DetectionOptions.CHECKPOINT_INTERVAL));
    settings.set(
        CheckpointingOptions.CHECKPOINTING_TIMEOUT,
        options.get(DetectionOptions.CHECKPOINT_TIMEOUT));
    // A checkpoint waits for ClickHouse. One that waits in vain is no reason to stop the job.
    settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
    settings.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    env.configure(settings);
  }
}

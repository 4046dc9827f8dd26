package dev.tidewatch.jobs;

import dev.tidewatch.jobs.checkpoint.RetainedCheckpoints;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink inside this process, on loopback, with its web UI where {@code flink-runtime-web} is on the
 * class path. Checkpoints stay in a directory; a job that is submitted goes on from the newest one
 * there that can be read.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final MiniCluster cluster;
  private final Configuration configuration;
  private final Path checkpoints;
  private Optional<JobID> job = Optional.empty();

  private LocalCluster(MiniCluster cluster, Configuration configuration, Path checkpoints) {
    this.cluster = cluster;
    this.configuration = configuration;
    this.checkpoints = checkpoints;
  }

  /**
   * Starts Flink and returns when it takes jobs.
   *
   * @param overrides Flink settings that win over {@link LocalSettings}
   * @param checkpoints directory for checkpoints, kept between starts; created where missing
   * @param restPort port of the web UI and REST API on 127.0.0.1; 0 = a free one
   * @param slots how many tasks run beside each other: the job's parallelism at most
   * @throws IllegalStateException when Flink does not start, e.g. because the port is taken
   */
  public static LocalCluster start(
      Configuration overrides, Path checkpoints, int restPort, int slots) {
    Configuration configuration = LocalSettings.of(checkpoints, restPort, slots);
    configuration.addAll(overrides);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
    try {
      cluster.start();
    } catch (Exception e) {
      throw new IllegalStateException(
          "Flink did not start with its REST API on port " + restPort + ": " + e.getMessage(), e);
    }
    return new LocalCluster(cluster, configuration, checkpoints);
  }

  /** Web UI and REST API. */
  public URI restAddress() {
    return get(cluster.getRestAddress(), "REST address");
  }

  /**
   * Submits the {@link DetectionJob}: sees to topics and tables first, then goes on from the newest
   * readable checkpoint, or from the offsets that its group committed where there is none.
   */
  public JobID submit(DetectionOptions options) {
    return submitFrom(newestCheckpoint(), options);
  }

  /** As {@link #submit}, from a checkpoint of the caller's choice. */
  JobID submitFrom(Optional<Path> checkpoint, DetectionOptions options) {
    DetectionOptions prepared = DetectionJob.prepare(options);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    DetectionJob.define(env, prepared);
    StreamGraph graph = env.getStreamGraph();
    graph.setJobName(DetectionJob.NAME);
    graph.setJobId(JobID.generate());
    checkpoint.ifPresent(path -> restore(graph, path));
    JobID id = get(cluster.submitJob(graph), "submit the job").getJobID();
    job = Optional.of(id);
    return id;
  }

  private static void restore(StreamGraph graph, Path checkpoint) {
    LOG.info("Going on from {}", checkpoint);
    graph.setSavepointRestoreSettings(
        SavepointRestoreSettings.forPath(checkpoint.toUri().toString(), false));
  }

  /** Where a job that is submitted now would go on. */
  Optional<Path> newestCheckpoint() {
    try {
      RetainedCheckpoints retained = new RetainedCheckpoints(checkpoints);
      Optional<Path> newest = retained.newestReadable();
      if (newest.isEmpty() && !retained.isEmpty()) {
        LOG.warn(
            "No checkpoint in {} can be read: going on from the offsets committed in Kafka",
            checkpoints);
      }
      retained.prune(newest);
      return newest;
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoints in " + checkpoints + ": " + e.getMessage(), e);
    }
  }

  /** The submitted job's status; empty before {@link #submit}. */
  public Optional<JobStatus> status() {
    return job.map(id -> get(cluster.getJobStatus(id), "job status"));
  }

  /**
   * Stops the job at a savepoint: everything it read is written and committed. Where that does not
   * succeed in time, e.g. because ClickHouse is away, the job is cancelled; it then goes on from
   * its last checkpoint, which loses nothing.
   */
  public void stop(Duration timeout) {
    if (job.isEmpty() || status().map(JobStatus::isGloballyTerminalState).orElse(true)) {
      return;
    }
    JobID id = job.get();
    try {
      String savepoint =
          cluster
              .stopWithSavepoint(
                  id, checkpoints.toUri().toString(), false, SavepointFormatType.CANONICAL)
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      LOG.info("Stopped at {}", savepoint);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("No savepoint, cancelling: {}", e.toString());
      cancel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel();
    }
  }

  /** Cancels the job, as if it had died; its newest checkpoint stays. Waits until it is gone. */
  public void cancel() {
    if (job.isPresent() && !status().map(JobStatus::isGloballyTerminalState).orElse(true)) {
      get(cluster.cancelJob(job.get()), "cancel the job");
      get(cluster.requestJobResult(job.get()), "wait for the job's end");
    }
  }

  /** For tests that take TaskManagers away. */
  MiniCluster miniCluster() {
    return cluster;
  }

  /** Ends Flink. A job that still runs is cancelled; its newest checkpoint stays. */
  @Override
  public void close() {
    get(cluster.closeAsync(), "stop");
  }

  private static <T> T get(CompletableFuture<T> future, String what) {
    try {
      return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Flink: " + what + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("Flink: " + what + ": no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

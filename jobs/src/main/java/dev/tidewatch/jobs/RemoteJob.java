package dev.tidewatch.jobs;

import dev.tidewatch.jobs.options.DetectionOptions;
import java.net.URI;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The detection job on a Flink cluster of other processes, which have Tidewatch's class path. */
public final class RemoteJob {
  private RemoteJob() {}

  /**
   * Sees to topics and tables, then submits the job and returns when the cluster has taken it.
   *
   * @param rest address of the cluster's REST API
   * @throws IllegalStateException when the cluster refuses it
   */
  public static JobID submit(URI rest, DetectionOptions options) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createRemoteEnvironment(
            rest.getHost(), rest.getPort(), new Configuration());
    DetectionJob.define(env, DetectionJob.prepare(options));
    try {
      return env.executeAsync(DetectionJob.NAME).getJobID();
    } catch (Exception e) {
      throw new IllegalStateException("Flink at " + rest + " refused the job: " + e, e);
    }
  }
}

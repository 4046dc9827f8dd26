package dev.tidewatch.benchmarks.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.flink.api.common.JobID;

/** What Flink's REST API says of a job. */
final class FlinkRest {
  private static final Duration START = Duration.ofSeconds(90);
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ObjectMapper json = new ObjectMapper();
  private final URI rest;

  FlinkRest(URI rest) {
    this.rest = rest;
  }

  /**
   * Returns when the job has completed a checkpoint, so that all of it runs.
   *
   * @throws IllegalStateException when it has not within 90 s
   */
  void awaitCheckpoint(JobID job) {
    long deadline = System.nanoTime() + START.toNanos();
    while (completedCheckpoints(job) == 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the job has no checkpoint after " + START.toSeconds() + " s");
      }
      Pause.millis(200);
    }
  }

  /** 0 while the JobManager is away, too. */
  private long completedCheckpoints(JobID job) {
    try {
      return get("/jobs/" + job + "/checkpoints").path("counts").path("completed").asLong();
    } catch (IOException e) {
      return 0;
    }
  }

  private JsonNode get(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(rest.resolve(path)).timeout(Duration.ofSeconds(5)).build();
    try {
      return json.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

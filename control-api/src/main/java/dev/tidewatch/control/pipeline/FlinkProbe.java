package dev.tidewatch.control.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidewatch.control.v1.PipelineHealth.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks Flink's REST API about the detection job. */
final class FlinkProbe implements Probe<FlinkReading> {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int CHECKPOINTS = 10;

  private final String endpoint;
  private final String jobName;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /**
   * @param endpoint e.g. {@code http://127.0.0.1:8081}
   */
  FlinkProbe(URI endpoint, String jobName) {
    this.endpoint = endpoint.toString().replaceFirst("/+$", "");
    this.jobName = jobName;
  }

  @Override
  public FlinkReading read() throws ProbeFailedException, InterruptedException {
    try {
      Optional<JsonNode> job = newestJob();
      return job.isPresent() ? read(job.get()) : FlinkReading.NO_JOB;
    } catch (IOException failure) {
      throw new ProbeFailedException("Flink's REST API does not answer", failure);
    }
  }

  /** One that runs, else the one that was submitted last. */
  private Optional<JsonNode> newestJob() throws IOException, InterruptedException {
    JsonNode newest = MissingNode.getInstance();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      if (job.path("name").asText().equals(jobName) && rank(job) > rank(newest)) {
        newest = job;
      }
    }
    return newest.isMissingNode() ? Optional.empty() : Optional.of(newest);
  }

  private static long rank(JsonNode job) {
    if (job.isMissingNode()) {
      return -1;
    }
    long ended = job.path("end-time").asLong(-1);
    return ended < 0 ? Long.MAX_VALUE : job.path("start-time").asLong();
  }

  private FlinkReading read(JsonNode job) throws IOException, InterruptedException {
    String path = "/jobs/" + job.path("jid").asText();
    JobMetrics metrics = new JobMetrics(this::get);
    for (JsonNode vertex : get(path).path("vertices")) {
      metrics.add(path + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics");
    }
    JsonNode checkpoints = get(path + "/checkpoints");
    return new FlinkReading(
        job.path("state").asText(),
        job.path("start-time").asLong(),
        last(checkpoints),
        recent(checkpoints),
        number(get(path + "/metrics?get=numRestarts"), "value").orElse(0),
        metrics.figures(),
        metrics.busyShare());
  }

  private static Optional<Checkpoint> last(JsonNode checkpoints) {
    JsonNode last = checkpoints.path("latest").path("completed");
    if (last.isMissingNode() || last.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        checkpoint(last)
            .setFailedCount(checkpoints.path("counts").path("failed").asLong())
            .build());
  }

  /** Flink's own list is newest first. */
  private static List<Checkpoint> recent(JsonNode checkpoints) {
    List<Checkpoint> recent = new ArrayList<>();
    for (JsonNode checkpoint : checkpoints.path("history")) {
      if (recent.size() < CHECKPOINTS) {
        recent.add(
            checkpoint(checkpoint)
                .setStatus(checkpoint.path("status").asText().toLowerCase(Locale.ROOT))
                .setTriggeredMs(checkpoint.path("trigger_timestamp").asLong())
                .setSavepoint(checkpoint.path("is_savepoint").asBoolean())
                .build());
      }
    }
    return recent;
  }

  private static Checkpoint.Builder checkpoint(JsonNode told) {
    return Checkpoint.newBuilder()
        .setId(told.path("id").asLong())
        .setCompletedMs(Math.max(0, told.path("latest_ack_timestamp").asLong()))
        .setDurationMs(told.path("end_to_end_duration").asLong())
        .setSizeBytes(told.path("state_size").asLong());
  }

  private static OptionalLong number(JsonNode metrics, String member) {
    JsonNode value = metrics.path(0).path(member);
    return value.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(value.asLong());
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(TIMEOUT).build();
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answered " + response.statusCode());
    }
    return JSON.readTree(response.body());
  }
}

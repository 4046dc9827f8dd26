package dev.tidewatch.control.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidewatch.control.v1.PipelineHealth.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks Flink's REST API about the detection job. */
final class FlinkProbe implements Probe<FlinkReading> {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Kafka's source counts what it has been told of and has not read. */
  private static final String PENDING = ".pendingRecords";

  /** Of the operator {@code match}. */
  private static final String LATE = ".lateEvents";

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
    List<JsonNode> vertices = new ArrayList<>();
    get(path).path("vertices").forEach(vertices::add);
    return new FlinkReading(
        job.path("state").asText(),
        job.path("start-time").asLong(),
        checkpoint(get(path + "/checkpoints")),
        number(get(path + "/metrics?get=numRestarts"), "value").orElse(0),
        sum(path, vertices, PENDING),
        sum(path, vertices, LATE));
  }

  private static Optional<Checkpoint> checkpoint(JsonNode checkpoints) {
    JsonNode last = checkpoints.path("latest").path("completed");
    if (last.isMissingNode() || last.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        Checkpoint.newBuilder()
            .setId(last.path("id").asLong())
            .setCompletedMs(last.path("latest_ack_timestamp").asLong())
            .setDurationMs(last.path("end_to_end_duration").asLong())
            .setSizeBytes(last.path("state_size").asLong())
            .setFailedCount(checkpoints.path("counts").path("failed").asLong())
            .build());
  }

  /** Sum over subtasks of the first metric whose name ends so. */
  private OptionalLong sum(String path, List<JsonNode> vertices, String ending)
      throws IOException, InterruptedException {
    for (JsonNode vertex : vertices) {
      String metrics = path + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
      for (JsonNode metric : get(metrics)) {
        String name = metric.path("id").asText();
        if (name.endsWith(ending)) {
          String query = "?agg=sum&get=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
          return number(get(metrics + query), "sum");
        }
      }
    }
    return OptionalLong.empty();
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

package dev.tidewatch.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;

/** A job's metrics, from Flink's REST API, as dashboards see them. */
final class JobMetrics {
  private final ObjectMapper json = new ObjectMapper();
  private final String job;

  JobMetrics(URI rest, JobID id) {
    this.job = rest + "/jobs/" + id;
  }

  long sum(String metric) throws IOException {
    return value(metric, "sum");
  }

  long max(String metric) throws IOException {
    return value(metric, "max");
  }

  /** Over all subtasks of the one vertex; -1 while it is not reported yet. */
  private long value(String metric, String aggregation) throws IOException {
    String vertex = read(job).path("vertices").path(0).path("id").asText();
    JsonNode found = read(job + "/vertices/" + vertex + "/subtasks/metrics?get=" + metric);
    return StreamSupport.stream(found.spliterator(), false)
        .filter(value -> value.path("id").asText().equals(metric))
        .mapToLong(value -> (long) value.path(aggregation).asDouble())
        .findFirst()
        .orElse(-1);
  }

  private JsonNode read(String url) throws IOException {
    return json.readTree(URI.create(url).toURL());
  }
}

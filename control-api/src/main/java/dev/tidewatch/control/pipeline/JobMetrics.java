package dev.tidewatch.control.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Figures of a job's operators, summed over their subtasks: two questions to each vertex. */
final class JobMetrics {
  /** Of a task, in thousandths of a second per second. */
  private static final String BUSY = "busyTimeMsPerSecond";

  /** Asks Flink's REST API. */
  interface Rest {
    JsonNode get(String path) throws IOException, InterruptedException;
  }

  private final Rest rest;
  private final Map<JobFigure, Long> figures = new EnumMap<>(JobFigure.class);
  private OptionalDouble busyShare = OptionalDouble.empty();

  JobMetrics(Rest rest) {
    this.rest = rest;
  }

  Map<JobFigure, Long> figures() {
    return figures;
  }

  OptionalDouble busyShare() {
    return busyShare;
  }

  /**
   * @param metrics path of a vertex's {@code /subtasks/metrics}
   */
  void add(String metrics) throws IOException, InterruptedException {
    Map<String, JobFigure> wanted = new LinkedHashMap<>();
    boolean matches = false;
    boolean isBusyKnown = false;
    for (JsonNode metric : rest.get(metrics)) {
      String id = metric.path("id").asText();
      isBusyKnown |= id.equals(BUSY);
      matches |= id.startsWith("match.");
      for (JobFigure figure : JobFigure.values()) {
        if (figure.isOf(id)) {
          wanted.put(id, figure);
        }
      }
    }
    if (!wanted.isEmpty()) {
      sum(metrics, wanted);
    }
    if (matches && isBusyKnown) {
      busyShare = share(rest.get(metrics + "?agg=max&get=" + BUSY).path(0).path("max"));
    }
  }

  private void sum(String metrics, Map<String, JobFigure> wanted)
      throws IOException, InterruptedException {
    StringBuilder ids = new StringBuilder();
    for (String id : wanted.keySet()) {
      ids.append(ids.isEmpty() ? "" : ",").append(URLEncoder.encode(id, StandardCharsets.UTF_8));
    }
    for (JsonNode metric : rest.get(metrics + "?agg=sum&get=" + ids)) {
      JobFigure figure = wanted.get(metric.path("id").asText());
      if (figure != null && metric.path("sum").isNumber()) {
        figures.merge(figure, metric.path("sum").asLong(), Long::sum);
      }
    }
  }

  /** Flink says NaN for a task that cannot tell. */
  private static OptionalDouble share(JsonNode milliseconds) {
    double value = milliseconds.asDouble(Double.NaN);
    return Double.isNaN(value)
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.min(1, Math.max(0, value / 1000)));
  }
}

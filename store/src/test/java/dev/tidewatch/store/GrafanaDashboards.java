package dev.tidewatch.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The dashboards of {@code helm/grafana}, and their SQL as Grafana's ClickHouse source sends it.
 */
final class GrafanaDashboards {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param format what the panel makes of the rows: 0 lines over time, 1 a table
   */
  record Query(String dashboard, String panel, String sql, int format) {
    boolean isOverTime() {
      return format == 0;
    }

    @Override
    public String toString() {
      return dashboard + ": " + panel;
    }
  }

  private GrafanaDashboards() {}

  static List<Path> files() throws IOException {
    Path module = Path.of("").toAbsolutePath();
    Path root = Files.isDirectory(module.resolve("store")) ? module : module.getParent();
    try (Stream<Path> files = Files.list(root.resolve("helm/grafana"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  static JsonNode read(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  /** Of panels and of variables. */
  static List<Query> queries(Path file) throws IOException {
    JsonNode dashboard = read(file);
    String name = String.valueOf(file.getFileName());
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(
            new Query(
                name,
                panel.path("title").asText(),
                target.path("rawSql").asText(),
                target.path("format").asInt()));
      }
    }
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      if (variable.path("type").asText().equals("query")) {
        String sql = variable.path("query").path("rawSql").asText();
        queries.add(new Query(name, "variable " + variable.path("name").asText(), sql, 1));
      }
    }
    return queries;
  }

  /**
   * The SQL with macros and variables replaced as the source does: see "Macros" in the readme of
   * grafana/clickhouse-datasource.
   */
  static String sent(String sql, Instant from, Instant to, long intervalSeconds, String tenants) {
    String range =
        "$1 >= toDateTime(%d) AND $1 <= toDateTime(%d)"
            .formatted(from.getEpochSecond(), to.getEpochSecond());
    return sql.replaceAll("\\$__timeFilter\\(([^)]+)\\)", range)
        .replaceAll(
            "\\$__timeInterval\\(([^)]+)\\)",
            "toStartOfInterval(toDateTime($1), INTERVAL " + intervalSeconds + " second)")
        .replace("$__interval_s", String.valueOf(intervalSeconds))
        .replace("${tenant:singlequote}", tenants);
  }
}

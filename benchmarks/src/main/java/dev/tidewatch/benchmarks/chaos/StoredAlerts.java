package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.embedded.EmbeddedClickHouse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The alerts and events that an analyst would see. */
final class StoredAlerts {
  private final HttpClient http = HttpClient.newHttpClient();
  private final EmbeddedClickHouse clickHouse;

  StoredAlerts(EmbeddedClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  AlertSet read() throws IOException {
    Map<String, AlertSet.Seen> byId = new HashMap<>();
    for (String row :
        rows(
            "SELECT alert_id, rule_id, count, toUnixTimestamp64Micro(last_seen) FROM alerts FINAL"
                + " WHERE tenant_id = '"
                + ChaosTelemetry.TENANT
                + "' AND rule_id != '"
                + ReferenceAlerts.MARKER_RULE
                + "'")) {
      String[] columns = row.split("\t", -1);
      byId.put(
          columns[0],
          new AlertSet.Seen(columns[1], Long.parseLong(columns[2]), Long.parseLong(columns[3])));
    }
    return new AlertSet(byId, List.of());
  }

  /**
   * Alerts of the marker rule beyond one for an event: rows that an attempt wrote before it died,
   * under the version that ran then.
   */
  long orphanedMarkers() throws IOException {
    return Long.parseLong(
        rows("SELECT count() - uniqExact(evidence[1].1) FROM alerts FINAL WHERE rule_id = '"
                + ReferenceAlerts.MARKER_RULE
                + "'")
            .get(0));
  }

  /** Distinct events, and rows of the table after replacing. */
  long events() throws IOException {
    return Long.parseLong(rows("SELECT count() FROM events FINAL").get(0));
  }

  private List<String> rows(String sql) throws IOException {
    String query = URLEncoder.encode(sql, StandardCharsets.UTF_8);
    URI uri = URI.create(clickHouse.url() + "/?database=tidewatch&query=" + query);
    try {
      HttpResponse<String> response =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(response.body());
      }
      return response.body().lines().toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

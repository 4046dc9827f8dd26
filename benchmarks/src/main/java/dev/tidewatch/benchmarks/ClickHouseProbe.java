package dev.tidewatch.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Asks ClickHouse what an analyst would see. */
final class ClickHouseProbe {
  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;

  ClickHouseProbe(String url, String database) {
    this.base = url + "/?database=" + database + "&query=";
  }

  List<String> rows(String sql) throws IOException, InterruptedException {
    URI uri = URI.create(base + URLEncoder.encode(sql, StandardCharsets.UTF_8));
    HttpResponse<String> response =
        http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.body());
    }
    return response.body().lines().toList();
  }

  long number(String sql) throws IOException, InterruptedException {
    return Long.parseLong(rows(sql).get(0));
  }
}

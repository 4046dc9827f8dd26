package dev.tidewatch.benchmarks.ingest;

import dev.tidewatch.embedded.EmbeddedClickHouse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Looks for alerts in ClickHouse as an analyst's query does, again and again, and notes when an
 * event's alert was there for the first time: when the answer that has it had come.
 */
final class VisibleAlerts implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** By when the server inserted it; wide enough for a look that took long. */
  private static final int WINDOW_SECONDS = 5;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI query;
  private final Map<String, Long> seen = new HashMap<>();
  private volatile boolean stopped;
  private volatile String problem = "";

  /**
   * @param rule whose alerts; one for each of its events
   */
  VisibleAlerts(EmbeddedClickHouse clickHouse, String rule) {
    String sql =
        "SELECT evidence[1].1 FROM alerts WHERE rule_id = '"
            + rule
            + "' AND ingest_time > now64(6, 'UTC') - INTERVAL "
            + WINDOW_SECONDS
            + " SECOND";
    query =
        URI.create(
            clickHouse.url()
                + "/?database=tidewatch&query="
                + URLEncoder.encode(sql, StandardCharsets.UTF_8));
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        look();
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(HttpRequest.newBuilder(query).build(), HttpResponse.BodyHandlers.ofString());
    long now = System.nanoTime();
    if (answer.statusCode() != 200) {
      throw new IOException(answer.body());
    }
    synchronized (seen) {
      answer.body().lines().forEach(event -> seen.putIfAbsent(event, now));
    }
  }

  /** By event id, the monotonic clock's time. */
  Map<String, Long> seen() {
    if (!problem.isEmpty()) {
      throw new IllegalStateException("ClickHouse: " + problem);
    }
    synchronized (seen) {
      return Map.copyOf(seen);
    }
  }

  void stop() {
    stopped = true;
  }
}

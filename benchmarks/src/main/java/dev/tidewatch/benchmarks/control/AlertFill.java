package dev.tidewatch.benchmarks.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Alerts that ClickHouse makes by itself: 90 days of five tenants (60, 20, 10, 6 and 4 percent),
 * 800 rules, 20,000 hosts and 5,000 users, a few of which have most, in the order of time, a day
 * after the other as a detection job would store them.
 */
final class AlertFill {
  static final String TENANT = "bench-a";
  static final int DAYS = 90;

  private static final String ALERTS = resource("alerts.sql");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final long alerts;
  private final Instant end;
  private final Consumer<String> progress;

  /**
   * @param end of the 90 days
   */
  AlertFill(String url, long alerts, Instant end, Consumer<String> progress) {
    this.url = url;
    this.alerts = alerts;
    this.end = end;
    this.progress = progress;
  }

  long stored() {
    return Long.parseLong(run("SELECT count() FROM alerts", Map.of()).strip());
  }

  /** Makes the alerts, and says how a share of them was triaged. */
  void run(long triaged) {
    long step = Math.max(1, Duration.ofDays(DAYS).toNanos() / 1000 / alerts);
    long start = micros(end) - alerts * step - 60_000_000L;
    long slice = Math.max(1, (alerts + DAYS - 1) / DAYS);
    for (long from = 0; from < alerts; from += slice) {
      long count = Math.min(slice, alerts - from);
      run(ALERTS, Map.of("start", start, "step", step, "from", from, "count", count));
      if ((from / slice) % 10 == 9) {
        progress.accept((from + count) + " alerts");
      }
    }
    run(TRIAGE, Map.of("triaged", triaged, "every", Math.max(1, alerts / Math.max(1, triaged))));
    merge();
  }

  /** What was said of every so many-th alert; {@link ControlBenchmark} tells PostgreSQL too. */
  private static final String TRIAGE =
      """
      INSERT INTO alert_triage (tenant_id, alert_id, verdict, assignee, revision)
      WITH number * {every:UInt64} AS n, MD5(concat('alert', toString(n))) AS id,
        (cityHash64(n, 1) % 1000000) / 1e6 AS u1
      SELECT multiIf(u1 < 0.6, 'bench-a', u1 < 0.8, 'bench-b', u1 < 0.9, 'bench-c', u1 < 0.96, 'bench-d', 'bench-e'),
        reinterpretAsUUID(concat(reverse(substring(id, 1, 8)), reverse(substring(id, 9, 8)))),
        CAST(1 + number % 4, 'Int8'), if(number % 3 = 0, 'ada', ''), 1
      FROM numbers({triaged:UInt64})
      """;

  /**
   * As the server does by itself ten minutes after the last insert into a day; the last day is
   * left.
   */
  private void merge() {
    String days =
        run(
            "SELECT DISTINCT partition FROM system.parts WHERE database = 'tidewatch' AND table = 'alerts'"
                + " AND active ORDER BY partition",
            Map.of());
    String[] partitions = days.strip().split("\n");
    for (int i = 0; i < partitions.length - 1; i++) {
      run("OPTIMIZE TABLE alerts PARTITION " + partitions[i] + " FINAL", Map.of());
    }
    progress.accept(partitions.length - 1 + " days merged");
  }

  String run(String sql, Map<String, Long> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(parameter -> "&param_" + parameter.getKey() + "=" + parameter.getValue())
            .collect(Collectors.joining());
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(url + "/?database=tidewatch" + query))
                  .POST(HttpRequest.BodyPublishers.ofString(sql))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("ClickHouse: " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static String resource(String name) {
    try (InputStream in = AlertFill.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

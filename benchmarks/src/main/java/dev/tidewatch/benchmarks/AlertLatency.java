package dev.tidewatch.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Time from Kafka's append of an event until its alert is seen in ClickHouse, by asking for new
 * alerts every 20 ms as a reader would. The answer's arrival counts, so the asking is included.
 */
final class AlertLatency {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ClickHouseProbe probe;
  private final Map<String, Long> seen = new LinkedHashMap<>();
  private final Set<String> before = new HashSet<>();
  private String since = "toDateTime64('2000-01-01', 6)";

  private AlertLatency(ClickHouseProbe probe) {
    this.probe = probe;
  }

  static Map<String, Object> measure(
      ClickHouseProbe probe, TelemetryProducer producer, int rate, int seconds) throws Exception {
    AlertLatency latency = new AlertLatency(probe);
    latency.poll();
    latency.before.addAll(latency.seen.keySet());
    latency.seen.clear();
    ConcurrentHashMap<String, Long> appended = new ConcurrentHashMap<>();
    Thread sending = new Thread(() -> producer.sendAt(rate, seconds, appended), "load");
    sending.start();
    long settled = Long.MAX_VALUE;
    while (System.nanoTime() < settled) {
      latency.poll();
      if (settled == Long.MAX_VALUE && !sending.isAlive()) {
        settled = System.nanoTime() + SETTLE_NANOS;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return latency.result(appended, rate);
  }

  private void poll() throws IOException, InterruptedException {
    List<String> rows =
        probe.rows(
            "SELECT toString(evidence[1].event_id), toString(ingest_time) FROM alerts"
                + " WHERE ingest_time > "
                + since
                + " - INTERVAL 2 SECOND");
    long now = System.currentTimeMillis();
    String newest = "";
    for (String row : rows) {
      String[] columns = row.split("\t", -1);
      if (!before.contains(columns[0])) {
        seen.putIfAbsent(columns[0], now);
      }
      newest = columns[1].compareTo(newest) > 0 ? columns[1] : newest;
    }
    if (!newest.isEmpty()) {
      since = "toDateTime64('" + newest + "', 6, 'UTC')";
    }
  }

  private Map<String, Object> result(Map<String, Long> appended, int rate) {
    List<Long> millis = new ArrayList<>();
    seen.forEach(
        (event, at) -> {
          Long from = appended.get(event);
          if (from != null) {
            millis.add(at - from);
          }
        });
    Collections.sort(millis);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("events_per_second", rate);
    result.put("events", appended.size());
    result.put("events_with_alerts", millis.size());
    for (double part : new double[] {0.5, 0.9, 0.99, 1.0}) {
      result.put("p" + Math.round(part * 100) + "_ms", at(millis, part));
    }
    return result;
  }

  private static long at(List<Long> sorted, double part) {
    return sorted.isEmpty() ? -1 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
  }
}

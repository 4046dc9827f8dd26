package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.benchmarks.ActiveRevisions.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Latencies of deployments in milliseconds, whole and in their parts; every one is kept. */
final class DeployLatencies {
  private final Map<String, List<Long>> micros = new LinkedHashMap<>();

  /**
   * Times in microseconds since the epoch.
   *
   * @param created a new rule, and not another version
   * @param called before the call, {@code answered} behind it
   */
  void add(boolean created, long called, long answered, Seen seen) {
    add("call_to_active", seen.active() - called);
    add(created ? "of_new_rules" : "of_new_versions", seen.active() - called);
    add("call_to_kafka", seen.sent() - called);
    add("kafka_to_active", seen.active() - seen.sent());
    add("compile_in_job", seen.compileMicros());
    add("call_to_answer", answered - called);
    add("call_to_told_in_status", seen.told() - called);
  }

  private void add(String part, long duration) {
    micros.computeIfAbsent(part, name -> new ArrayList<>()).add(Math.max(0, duration));
  }

  void addTo(ObjectNode result) {
    result.put("deploys", micros.getOrDefault("call_to_active", List.of()).size());
    micros.forEach(
        (part, all) -> {
          long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
          result
              .putObject(part)
              .put("p50_ms", millis(sorted, 50))
              .put("p95_ms", millis(sorted, 95))
              .put("p99_ms", millis(sorted, 99))
              .put("max_ms", millis(sorted, 100));
        });
  }

  private static double millis(long[] sorted, int percent) {
    int at = Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1);
    return Math.round(sorted[at] / 10.0) / 100.0;
  }
}

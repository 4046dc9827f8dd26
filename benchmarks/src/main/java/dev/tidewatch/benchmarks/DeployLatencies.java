package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.benchmarks.ActiveRevisions.Seen;
import dev.tidewatch.control.deploy.DeploymentWatch.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Latencies of deployments in milliseconds, whole and in their parts; every one is kept. */
final class DeployLatencies {
  /** What has happened at the end of each {@link Step}. */
  private static final List<String> STAGES =
      List.of("begun", "validated", "in_postgresql", "taken_by_relay", "in_kafka");

  private static final String LINE = "%-28s %10s %10s %10s %10s%n";

  private final Map<String, List<Long>> micros = new LinkedHashMap<>();
  private final Map<String, List<Long>> stages = new LinkedHashMap<>();

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

  /**
   * One deployment's way, each stage from the end of the one before.
   *
   * @param reached by the control API, in the order of {@link Step}
   * @param looked when the last subtask's report was read
   */
  void addStages(long called, Map<Step, Long> reached, Seen seen, long looked) {
    long before = called;
    for (Step step : Step.values()) {
      long at = reached.getOrDefault(step, before);
      stage(STAGES.get(step.ordinal()), at - before);
      before = Math.max(before, at);
    }
    // Kafka may have shown it to the job before it told the relay so.
    stage("active", seen.active() - before);
    before = Math.max(before, seen.active());
    stage("told", seen.told() - before);
    stage("status_seen", looked - Math.max(before, seen.told()));
  }

  private void add(String part, long duration) {
    micros.computeIfAbsent(part, name -> new ArrayList<>()).add(Math.max(0, duration));
  }

  private void stage(String name, long duration) {
    stages.computeIfAbsent(name, n -> new ArrayList<>()).add(Math.max(0, duration));
  }

  /** Deployments. */
  int size() {
    return micros.getOrDefault("call_to_active", List.of()).size();
  }

  void addTo(ObjectNode result) {
    result.put("deploys", size());
    addTo(result, micros);
    addTo(result.putObject("stages"), stages);
  }

  private static void addTo(ObjectNode result, Map<String, List<Long>> parts) {
    parts.forEach(
        (part, all) -> {
          long[] sorted = sorted(all);
          result
              .putObject(part)
              .put("p50_ms", millis(sorted, 50))
              .put("p95_ms", millis(sorted, 95))
              .put("p99_ms", millis(sorted, 99))
              .put("max_ms", millis(sorted, 100))
              .put("mean_ms", mean(sorted));
        });
  }

  /** The stages as a table, for people. */
  String table() {
    StringBuilder table =
        new StringBuilder(LINE.formatted("ms behind the stage before", "p50", "p95", "p99", "max"));
    stages.forEach((name, all) -> table.append(line(name, sorted(all))));
    micros.entrySet().stream()
        .filter(part -> part.getKey().equals("call_to_active"))
        .forEach(part -> table.append(line("call to active", sorted(part.getValue()))));
    return table.toString().stripTrailing();
  }

  private static String line(String name, long[] sorted) {
    return LINE.formatted(
        name.replace('_', ' '),
        millis(sorted, 50),
        millis(sorted, 95),
        millis(sorted, 99),
        millis(sorted, 100));
  }

  private static long[] sorted(List<Long> all) {
    return all.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private static double mean(long[] sorted) {
    return Math.round(Arrays.stream(sorted).average().orElse(0) / 10.0) / 100.0;
  }

  private static double millis(long[] sorted, int percent) {
    int at = Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1);
    return Math.round(sorted[at] / 10.0) / 100.0;
  }
}

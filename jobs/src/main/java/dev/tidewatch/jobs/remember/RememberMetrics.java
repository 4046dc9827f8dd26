package dev.tidewatch.jobs.remember;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What a subtask of REMEMBER counts, in all and per rule. */
final class RememberMetrics {
  private final MetricGroup group;
  private final Map<String, List<RuleRun>> runs;
  private final Set<String> watched = new HashSet<>();
  private final Counter matches;
  private final Counter late;
  private final Counter withoutRule;
  private final Counter failures;

  /**
   * @param runs by rule id; read by the metrics' thread, which takes a torn read for none
   */
  RememberMetrics(MetricGroup group, Map<String, List<RuleRun>> runs) {
    this.group = group;
    this.runs = runs;
    matches = group.counter("matches");
    late = group.counter("lateMatches");
    withoutRule = group.counter("matchesWithoutRule");
    failures = group.counter("ruleFailures");
    group.gauge("groups", () -> sum(RuleRun::groups));
    group.gauge("stateBytes", () -> sum(run -> run.counter().stateBytes()));
  }

  void match() {
    matches.inc();
  }

  void late() {
    late.inc();
  }

  /** A match of a rule that is gone or disabled. */
  void matchWithoutRule() {
    withoutRule.inc();
  }

  void failure() {
    failures.inc();
  }

  /** Shows a rule's own figures, all its versions together; for good: Flink forgets no metric. */
  void watch(String ruleId) {
    if (!watched.add(ruleId)) {
      return;
    }
    MetricGroup rule = group.addGroup("rule", ruleId);
    gauge(rule, ruleId, "ruleMatches", run -> run.counter().matches());
    gauge(rule, ruleId, "ruleAlerts", run -> run.counter().alerts());
    gauge(rule, ruleId, "ruleErrors", run -> run.counter().errors());
    gauge(rule, ruleId, "ruleNanos", run -> run.counter().nanos());
    gauge(rule, ruleId, "ruleLateMatches", RuleRun::lateMatches);
    gauge(rule, ruleId, "ruleGroups", RuleRun::groups);
    gauge(rule, ruleId, "ruleStateBytes", run -> run.counter().stateBytes());
  }

  private void gauge(MetricGroup rule, String ruleId, String name, ToLongFunction<RuleRun> value) {
    rule.gauge(name, () -> sum(runs.getOrDefault(ruleId, List.of()), value));
  }

  private long sum(ToLongFunction<RuleRun> value) {
    return runs.values().stream().mapToLong(versions -> sum(versions, value)).sum();
  }

  private static long sum(List<RuleRun> versions, ToLongFunction<RuleRun> value) {
    return versions.stream().mapToLong(value).sum();
  }
}

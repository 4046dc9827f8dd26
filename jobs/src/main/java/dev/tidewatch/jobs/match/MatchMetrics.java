package dev.tidewatch.jobs.match;

import dev.tidewatch.jobs.rules.RuleSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What MATCH counts, per slot. */
final class MatchMetrics {
  private static final int SAMPLE_EVERY = 64;
  private static final int WINDOW = 1_000;
  private final MetricGroup group;
  private final Counter events;
  private final Counter alerts;
  private final Counter late;
  private final Counter deadLetters;
  private final Histogram matchMicros;
  private final Map<String, Counter> deadLettersByCode = new HashMap<>();
  private final Map<String, Counter> alertsByRule = new HashMap<>();
  private int untilSample = SAMPLE_EVERY;

  MatchMetrics(MetricGroup group, Supplier<RuleSet> rules) {
    this.group = group;
    events = group.counter("events");
    alerts = group.counter("alerts");
    late = group.counter("lateEvents");
    deadLetters = group.counter("deadLetters");
    matchMicros = group.histogram("matchMicros", new DescriptiveStatisticsHistogram(WINDOW));
    group.gauge("rules", () -> rules.get().matcher().rules().size());
    group.gauge("ruleRevision", () -> rules.get().revision());
    group.gauge("matchFailures", () -> rules.get().failures());
  }

  void event() {
    events.inc();
  }

  void lateEvent() {
    late.inc();
  }

  void alert(String ruleId) {
    alerts.inc();
    alertsByRule
        .computeIfAbsent(ruleId, id -> group.addGroup("rule", id).counter("ruleAlerts"))
        .inc();
  }

  void deadLetter(String code) {
    deadLetters.inc();
    deadLettersByCode
        .computeIfAbsent(code, c -> group.addGroup("code", c).counter("deadLettersByCode"))
        .inc();
  }

  /** True for the few events whose matching is to be timed. */
  boolean isSampled() {
    if (--untilSample > 0) {
      return false;
    }
    untilSample = SAMPLE_EVERY;
    return true;
  }

  void matchTook(long nanos) {
    matchMicros.update(nanos / 1_000);
  }
}

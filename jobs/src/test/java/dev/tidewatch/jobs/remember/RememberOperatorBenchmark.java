package dev.tidewatch.jobs.remember;

import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.StatefulRule;
import dev.tidewatch.sigma.RuleSource;
import dev.tidewatch.sigma.SigmaCompiler;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the operator does in a second of one thread's CPU time, and what a group costs on the heap,
 * with key, state entry and timer. Not a test: run {@link #main}. It stands here because Flink's
 * harness is for tests only.
 */
final class RememberOperatorBenchmark {
  private static final String RULES =
      """
      title: Rule a
      id: 00000000-0000-4000-8000-00000000000a
      name: a
      level: low
      logsource: {product: windows}
      detection:
          selection: {EventID: 1}
          condition: selection
      ---
      title: Rule b
      id: 00000000-0000-4000-8000-00000000000b
      name: b
      level: low
      logsource: {product: windows}
      detection:
          selection: {EventID: 2}
          condition: selection
      ---
      title: Rule c
      id: 00000000-0000-4000-8000-00000000000c
      name: c
      level: low
      logsource: {product: windows}
      detection:
          selection: {EventID: 3}
          condition: selection
      ---
      title: Remembered
      id: 00000000-0000-4000-8000-000000000001
      level: low
      """;

  /**
   * A rule and its stream: groups get matches in turn, {@code stepMicros} apart, of the rule's
   * members in turn.
   *
   * @param values distinct values of the member's field, in turn; 0: it has none
   */
  private record Case(
      String name, String rule, int groups, long stepMicros, int members, int values) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "event_count",
              """
              correlation:
                  type: event_count
                  rules: [a]
                  group-by: [G]
                  timespan: 10m
                  condition: {gte: 10}
              """,
              10_000,
              90_000_000,
              1,
              0),
          new Case(
              "temporal",
              """
              correlation:
                  type: temporal
                  rules: [a, b, c]
                  group-by: [G]
                  timespan: 10m
              """,
              10_000,
              350_000_000,
              3,
              0),
          new Case(
              "value_count, 2,000 values a group",
              """
              correlation:
                  type: value_count
                  rules: [a]
                  group-by: [G]
                  timespan: 10m
                  condition: {gte: 5000, field: F}
              """,
              100,
              1_000,
              1,
              2_000),
          new Case(
              "sequence of three steps",
              """
              pattern:
                by: [G]
                within: 10m
                steps:
                  - one: {rule: a}
                  - two: {rule: b}
                  - three: {rule: c}
              """,
              10_000,
              100_000_000,
              3,
              0));

  private RememberOperatorBenchmark() {}

  /**
   * @param args {@code memory} for the bytes of a group, in a JVM that has done nothing else
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 1 && args[0].equals("memory")) {
      memory(rule(CASES.get(0)), 1_000_000);
      return;
    }
    for (Case measured : CASES) {
      for (int round = 0; round < 4; round++) {
        rate(measured, rule(measured), 1_000_000);
      }
    }
    Case counted = CASES.get(0);
    rate(
        new Case("event_count", counted.rule(), 500_000, 90_000_000, 1, 0),
        rule(counted),
        1_000_000);
  }

  private static StatefulRule rule(Case measured) {
    RuleSource source = new RuleSource("rules.yml", RULES + measured.rule());
    return new SigmaCompiler().compile(List.of(source)).stateful().get(0);
  }

  private static StatefulMatch match(StatefulRule rule, int group, long micros, long id) {
    return match(rule, group, micros, id, 0, new @Nullable String[0]);
  }

  private static StatefulMatch match(
      StatefulRule rule, int group, long micros, long id, int member, @Nullable String[] fields) {
    return new StatefulMatch(
        1,
        new GroupKey("tenant", rule.id(), rule.version(), "10.0." + group),
        new Match(micros, 7, id, member, fields, new String[0]));
  }

  private static StatefulMatch[] stream(Case measured, StatefulRule rule, int matches) {
    StatefulMatch[] stream = new StatefulMatch[matches];
    for (int i = 0; i < matches; i++) {
      int turn = i / measured.groups();
      @Nullable String[] fields =
          measured.values() == 0
              ? new @Nullable String[0]
              : new @Nullable String[] {"value" + turn % measured.values()};
      stream[i] =
          match(
              rule,
              i % measured.groups(),
              (long) (i * ((double) measured.stepMicros() / measured.groups())),
              i,
              turn % measured.members(),
              fields);
    }
    return stream;
  }

  private static void rate(Case measured, StatefulRule rule, int matches) throws Exception {
    StatefulMatch[] stream = stream(measured, rule, matches);
    try (RememberHarness harness =
        new RememberHarness(TestFeed.of(rule), RememberHarness.Backend.HEAP)) {
      var cpu = ManagementFactory.getThreadMXBean();
      StreamRecord<StatefulMatch> record = new StreamRecord<>(stream[0]);
      long wall = System.nanoTime();
      long start = cpu.getCurrentThreadCpuTime();
      for (int i = 0; i < matches; i++) {
        harness.flink().processElement(record.replace(stream[i], stream[i].timeMillis()));
        if (i % 20_000 == 19_999) {
          harness.flink().processWatermark(stream[i].timeMillis() - 1);
          harness.flink().getOutput().clear();
        }
      }
      long nanos = cpu.getCurrentThreadCpuTime() - start;
      System.out.printf(
          Locale.ROOT,
          "%s, %,d groups: %,.0f matches/s of CPU time, %,.0f of the clock%n",
          measured.name(),
          measured.groups(),
          matches * 1e9 / nanos,
          matches * 1e9 / (System.nanoTime() - wall));
    }
  }

  private static void memory(StatefulRule rule, int groups) throws Exception {
    try (RememberHarness harness =
        new RememberHarness(TestFeed.of(rule), RememberHarness.Backend.HEAP)) {
      long before = used();
      for (int i = 0; i < groups; i++) {
        harness.send(match(rule, i, i, i));
      }
      harness.flink().processWatermark(groups / 1_000 + 1);
      long after = used();
      System.out.printf(
          Locale.ROOT, "%,d groups: %d bytes each%n", harness.groups(), (after - before) / groups);
    }
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}

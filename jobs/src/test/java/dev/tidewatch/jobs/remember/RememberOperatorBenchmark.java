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
      title: Rule A
      id: 00000000-0000-4000-8000-00000000000a
      name: a
      level: low
      logsource: {product: windows}
      detection:
          selection: {EventID: 1}
          condition: selection
      ---
      title: Counted
      id: 00000000-0000-4000-8000-000000000001
      level: low
      correlation:
          type: event_count
          rules: [a]
          group-by: [G]
          timespan: 10m
          condition: {gte: 10}
      """;

  private RememberOperatorBenchmark() {}

  public static void main(String[] args) throws Exception {
    StatefulRule rule =
        new SigmaCompiler().compile(List.of(new RuleSource("rules.yml", RULES))).stateful().get(0);
    for (int round = 0; round < 4; round++) {
      rate(rule, 10_000, 1_000_000);
    }
    rate(rule, 500_000, 1_000_000);
    memory(rule, 1_000_000);
  }

  private static StatefulMatch match(StatefulRule rule, int group, long micros, long id) {
    return new StatefulMatch(
        1,
        new GroupKey("tenant", rule.id(), rule.version(), "10.0." + group),
        new Match(micros, 7, id, 0, new @Nullable String[0], new String[0]));
  }

  /** Each group gets a match every 90 s: nearly all windows hold seven. */
  private static void rate(StatefulRule rule, int groups, int matches) throws Exception {
    StatefulMatch[] stream = new StatefulMatch[matches];
    for (int i = 0; i < matches; i++) {
      stream[i] = match(rule, i % groups, i * (90_000_000L / groups), i);
    }
    try (RememberHarness harness =
        new RememberHarness(TestFeed.of(rule), RememberHarness.Backend.HEAP)) {
      var cpu = ManagementFactory.getThreadMXBean();
      StreamRecord<StatefulMatch> record = new StreamRecord<>(stream[0]);
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
          "event_count, %,d groups: %,.0f matches/s of CPU time%n",
          groups,
          matches * 1e9 / nanos);
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

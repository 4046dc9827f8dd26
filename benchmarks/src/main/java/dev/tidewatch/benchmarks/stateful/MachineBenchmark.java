package dev.tidewatch.benchmarks.stateful;

import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.GroupRun;
import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.RememberOutput;
import dev.tidewatch.remember.StatefulRule;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Matches a second of each kind of stateful rule on one thread, {@code GroupRun.add} and {@code
 * advance} for every match, and the bytes of a group's state. Groups come in turn, so caches do not
 * flatter; the matches are made in the loop. Sliding windows of 10 minutes; "open": the condition
 * holds and every match goes on with an episode.
 *
 * <p>Seconds are of the thread's processor time, so that neighbours do not count; the collector's
 * threads do not either.
 *
 * <p>Arguments: seconds for each kind (default 3), and a word that the kinds' names must hold.
 */
public final class MachineBenchmark implements RememberOutput {
  private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();
  private static final int ROUND = 100_000;
  private static final String[] NO_ENTITIES = {};

  private final BenchmarkedRule benchmarked;
  private final GroupRun run;
  private final GroupKey[] keys;
  private final GroupState[] states;
  private final String[][] fields;
  private long updates;
  private long time = 1_790_000_000_000_000L;
  private int group;
  private long made;

  private MachineBenchmark(BenchmarkedRule benchmarked) {
    this.benchmarked = benchmarked;
    StatefulRule rule = benchmarked.compile();
    run = new GroupRun(rule, this);
    keys = new GroupKey[benchmarked.groups()];
    states = new GroupState[benchmarked.groups()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new GroupKey("tenant", rule.id(), 1, "group" + i);
      states[i] = new GroupState();
    }
    fields = new String[benchmarked.values()][];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = new String[] {Integer.toString(i)};
    }
  }

  public static void main(String[] arguments) {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    String word = arguments.length > 1 ? arguments[1] : "";
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.printf(
        Locale.ROOT, "%-26s %14s %12s %12s%n", "rule", "matches/s", "bytes/group", "updates");
    for (BenchmarkedRule rule : BenchmarkedRule.ALL) {
      if (rule.name().contains(word)) {
        MachineBenchmark benchmark = new MachineBenchmark(rule);
        benchmark.measure(1 + seconds / 2);
        double rate = benchmark.measure(seconds);
        out.printf(
            Locale.ROOT,
            "%-26s %,14.0f %,12d %,12d%n",
            rule.name(),
            rate,
            benchmark.bytes() / rule.groups(),
            benchmark.updates);
      }
    }
    new GroupMemory().print(out);
  }

  private long bytes() {
    long bytes = 0;
    for (GroupState state : states) {
      bytes += state.sizeBytes();
    }
    return bytes;
  }

  private double measure(int seconds) {
    updates = 0;
    long matches = 0;
    long from = PROCESSOR.getCurrentThreadCpuTime();
    long end = from + seconds * 1_000_000_000L;
    while (PROCESSOR.getCurrentThreadCpuTime() < end) {
      for (int i = 0; i < ROUND; i++) {
        next();
      }
      matches += ROUND;
    }
    return matches * 1e9 / (PROCESSOR.getCurrentThreadCpuTime() - from);
  }

  private void next() {
    if (++group == keys.length) {
      group = 0;
      time += benchmarked.stepMicros();
    }
    long sequence = made++;
    long round = sequence / keys.length;
    Match match =
        new Match(
            time,
            sequence,
            group,
            (int) (round % benchmarked.members()),
            fields[(int) (round % fields.length)],
            NO_ENTITIES);
    run.add(keys[group], states[group], match, time - 1);
    run.advance(keys[group], states[group], time);
  }

  @Override
  public void episode(GroupKey key, StatefulRule rule, EpisodeUpdate update) {
    updates++;
  }

  @Override
  public void overflow(GroupKey key, StatefulRule rule, String what) {
    throw new IllegalStateException(what);
  }
}

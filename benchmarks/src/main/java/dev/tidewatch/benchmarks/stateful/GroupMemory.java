package dev.tidewatch.benchmarks.stateful;

import dev.tidewatch.remember.EpisodeUpdate;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.GroupRun;
import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.Match;
import dev.tidewatch.remember.RememberOutput;
import dev.tidewatch.remember.StatefulRule;
import java.io.PrintStream;
import java.util.Locale;

/** Heap that a million event_count groups take, their keys and Flink's entries not counted. */
final class GroupMemory implements RememberOutput {
  private static final int GROUPS = 1_000_000;

  void print(PrintStream out) {
    for (int matches = 1; matches <= 2; matches++) {
      GroupState[] states = new GroupState[GROUPS];
      long before = used();
      fill(states, matches);
      long after = used();
      out.printf(
          Locale.ROOT,
          "%,d event_count groups of %d matches: %d bytes each of heap, %d by their own count%n",
          GROUPS,
          matches,
          (after - before) / GROUPS,
          states[GROUPS / 2].sizeBytes());
    }
  }

  private void fill(GroupState[] states, int matches) {
    GroupRun run = new GroupRun(BenchmarkedRule.ALL.get(0).compile(), this);
    GroupKey key = new GroupKey("tenant", run.rule().id(), 1, "group");
    for (int i = 0; i < states.length; i++) {
      GroupState state = new GroupState();
      for (int m = 0; m < matches; m++) {
        run.add(key, state, new Match(m, i, m, 0, new String[0], new String[0]), m - 1);
        run.advance(key, state, m);
      }
      states[i] = state;
    }
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Override
  public void episode(GroupKey key, StatefulRule rule, EpisodeUpdate update) {}

  @Override
  public void overflow(GroupKey key, StatefulRule rule, String what) {}
}

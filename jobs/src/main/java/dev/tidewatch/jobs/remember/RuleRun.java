package dev.tidewatch.jobs.remember;

import dev.tidewatch.jobs.rules.PlacedStatefulRule;
import dev.tidewatch.jobs.rules.RuleCounters;
import dev.tidewatch.remember.GroupKey;
import dev.tidewatch.remember.GroupRun;
import dev.tidewatch.remember.GroupState;
import dev.tidewatch.remember.RememberOutput;
import java.time.Duration;

/** One stateful rule version that a subtask runs, with what is counted of it. */
final class RuleRun {
  private static final int SAMPLE_EVERY = 64;
  private final PlacedStatefulRule placed;
  private final GroupRun run;
  private final RuleCounters.Counter counter;
  private int failures;
  private boolean disabled;
  private long groups;
  private long late;
  private double meanBytes = 128;
  private int untilSample = 1;

  RuleRun(
      PlacedStatefulRule placed,
      Duration lateness,
      RememberOutput output,
      RuleCounters.Counter counter) {
    this.placed = placed;
    this.run = new GroupRun(placed.rule(), lateness, output);
    this.counter = counter;
  }

  /** The same version in a newer rule set: its groups are still there. */
  RuleRun inheriting(RuleRun before) {
    failures = before.failures;
    disabled = before.disabled;
    groups = before.groups;
    late = before.late;
    meanBytes = before.meanBytes;
    return this;
  }

  PlacedStatefulRule placed() {
    return placed;
  }

  GroupRun run() {
    return run;
  }

  RuleCounters.Counter counter() {
    return counter;
  }

  boolean isFor(GroupKey key) {
    return placed.rule().version() == key.ruleVersion();
  }

  boolean isDisabled() {
    return disabled;
  }

  /**
   * It failed on a group.
   *
   * @return how often it has
   */
  int failed() {
    counter.error();
    return ++failures;
  }

  void disable() {
    disabled = true;
  }

  void late() {
    late++;
  }

  long lateMatches() {
    return late;
  }

  void groupAdded() {
    groups++;
  }

  void groupFreed() {
    groups = Math.max(0, groups - 1);
    if (groups == 0) {
      counter.state(0);
    }
  }

  /** Groups with state in this subtask. */
  long groups() {
    return groups;
  }

  /** True for the few moves that are to be timed. */
  boolean isSampled() {
    if (--untilSample > 0) {
      return false;
    }
    untilSample = SAMPLE_EVERY;
    return true;
  }

  /** A move that {@link #isSampled} picked took so long and left this behind. */
  void sample(long nanos, GroupState state) {
    counter.took(nanos * SAMPLE_EVERY);
    meanBytes += (state.sizeBytes() - meanBytes) / 16;
    counter.state((long) (meanBytes * groups));
  }
}

package dev.tidewatch.jobs.cep;

import dev.tidewatch.pattern.machines.PatternEvent;
import dev.tidewatch.pattern.plan.Contiguity;
import dev.tidewatch.pattern.plan.PatternPlan;
import dev.tidewatch.pattern.plan.PlanStep;
import dev.tidewatch.pattern.plan.Times;
import java.time.Duration;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.WithinType;

/**
 * Writes a plan as a pattern of Flink's. Time there is counted in milliseconds; microseconds are
 * put in their place, for its clock is whatever timestamps say. Its windows leave out their end, so
 * they are one longer. All matches are asked for: what follows a match is {@link NfaMachine}'s, for
 * Flink would hold one back while an earlier begin may still come to something.
 */
final class FlinkPattern {
  private FlinkPattern() {}

  /** Name of a step's stage. */
  static String stage(int step) {
    return "s" + step;
  }

  /** Flink's window for one of ours, both ends of which are included. */
  static Duration window(long micros) {
    return Duration.ofMillis(micros + 1);
  }

  static Pattern<PatternEvent, ?> of(PatternPlan plan) {
    Pattern<PatternEvent, PatternEvent> pattern =
        Pattern.begin(stage(0), AfterMatchSkipStrategy.noSkip());
    pattern = quantified(pattern.where(new StepCondition(plan, 0)), plan.steps().get(0));
    for (int i = 1; i < plan.steps().size(); i++) {
      PlanStep step = plan.steps().get(i);
      pattern = after(pattern, step, stage(i)).where(new StepCondition(plan, i));
      pattern = step.negative() ? absent(pattern, plan, i) : quantified(pattern, step);
    }
    return plan.withinMicros() == Long.MAX_VALUE
        ? pattern
        : pattern.within(window(plan.withinMicros()));
  }

  private static Pattern<PatternEvent, PatternEvent> after(
      Pattern<PatternEvent, PatternEvent> before, PlanStep step, String name) {
    if (step.negative()) {
      return before.notFollowedBy(name);
    }
    return switch (step.contiguity()) {
      case FOLLOWED_BY -> before.followedBy(name);
      case NEXT -> before.next(name);
      case FOLLOWED_BY_ANY -> before.followedByAny(name);
    };
  }

  private static Pattern<PatternEvent, PatternEvent> absent(
      Pattern<PatternEvent, PatternEvent> pattern, PatternPlan plan, int index) {
    long within = plan.steps().get(index).withinMicros();
    boolean last = index == plan.steps().size() - 1;
    return last && within != Long.MAX_VALUE
        ? pattern.within(window(within), WithinType.PREVIOUS_AND_CURRENT)
        : pattern;
  }

  private static Pattern<PatternEvent, PatternEvent> quantified(
      Pattern<PatternEvent, PatternEvent> pattern, PlanStep step) {
    if (step.isConjunction()) {
      return contiguous(pattern.times(step.bodies().size()), step);
    }
    Times times = step.times();
    if (times.isOptional()) {
      return pattern.optional();
    }
    if (times.max() == 1) {
      return pattern;
    }
    if (times.min() == times.max()) {
      return contiguous(pattern.times(times.min()), step);
    }
    Pattern<PatternEvent, PatternEvent> repeated =
        times.max() == Times.UNBOUNDED
            ? pattern.timesOrMore(times.min())
            : pattern.times(times.min(), times.max());
    boolean combined = step.contiguity() == Contiguity.FOLLOWED_BY_ANY;
    return contiguous(step.reluctant() || combined ? repeated : repeated.greedy(), step);
  }

  private static Pattern<PatternEvent, PatternEvent> contiguous(
      Pattern<PatternEvent, PatternEvent> pattern, PlanStep step) {
    return switch (step.contiguity()) {
      case FOLLOWED_BY -> pattern;
      case NEXT -> pattern.consecutive();
      case FOLLOWED_BY_ANY -> pattern.allowCombinations();
    };
  }
}

package dev.tidewatch.pattern.plan;

import java.io.Serializable;
import java.util.List;

/**
 * A pattern of steps, ready to be run.
 *
 * <p>The events of a key come in order of time; those of one microsecond in the order of their
 * lowest member, then by id. An event on which several members fired is one event, and stands in a
 * match once.
 *
 * @param withinMicros from the first to the last event, both ends included; {@code Long.MAX_VALUE}:
 *     no bound
 * @param untilMask members that end what is under way
 * @param scopeMask members that break {@code next} beside those of the steps
 * @param members how many there are; at most 64
 */
public record PatternPlan(
    List<PlanStep> steps,
    long withinMicros,
    long untilMask,
    long scopeMask,
    AfterMatch afterMatch,
    int members)
    implements Serializable {
  public PatternPlan {
    steps = List.copyOf(steps);
  }

  /**
   * Whether compact machines cannot run it, because more than one partial match of a key has to be
   * followed: comparisons, optional or reluctant steps, contiguity, overlapping matches.
   */
  public boolean needsNfa() {
    return afterMatch != AfterMatch.SKIP_PAST_LAST
        || steps.stream().anyMatch(PatternPlan::branches);
  }

  private static boolean branches(PlanStep step) {
    return !step.where().isEmpty()
        || step.reluctant()
        || step.times().isOptional()
        || step.contiguity() != Contiguity.FOLLOWED_BY;
  }

  /** The last step must not happen: the pattern fires when it has not in time. */
  public boolean isAbsence() {
    return steps.get(steps.size() - 1).negative();
  }

  /** Steps that must happen. */
  public List<PlanStep> positive() {
    return steps.stream().filter(step -> !step.negative()).toList();
  }

  /** {@code sequence}, {@code conjunction}, {@code disjunction}, {@code iteration} or the like. */
  public String kind() {
    if (isAbsence()) {
      return "absence";
    }
    List<PlanStep> positive = positive();
    if (positive.size() > 1) {
      return "sequence";
    }
    PlanStep only = positive.get(0);
    if (only.isConjunction()) {
      return "conjunction";
    }
    return only.times().isOnce() ? "disjunction" : "iteration";
  }
}

package dev.tidewatch.pattern.plan;

import java.io.Serializable;
import java.util.List;

/**
 * A step of a pattern, in order.
 *
 * @param name its own; {@code not} for one that must not happen
 * @param negative it must not happen between its neighbours, or after the last step
 * @param bodies masks of members: an event fits a body if one of the mask's members fired on it.
 *     More than one: each of them once, in any order
 * @param reluctant takes as few events as will do
 * @param withinMicros from the step before; {@code Long.MAX_VALUE}: no bound
 */
public record PlanStep(
    String name,
    boolean negative,
    List<Long> bodies,
    Times times,
    boolean reluctant,
    Contiguity contiguity,
    long withinMicros,
    List<Comparison> where)
    implements Serializable {
  public PlanStep {
    bodies = List.copyOf(bodies);
    where = List.copyOf(where);
  }

  /** Members of any of its bodies. */
  public long mask() {
    return bodies.stream().reduce(0L, (a, b) -> a | b);
  }

  public boolean isConjunction() {
    return bodies.size() > 1;
  }
}

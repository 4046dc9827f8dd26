package dev.tidewatch.pattern.plan;

import java.io.Serializable;
import java.util.List;

/** One side of a comparison. */
public sealed interface Operand extends Serializable {
  /** Text or a number that the rule writes out. */
  record Literal(String text) implements Operand {}

  /**
   * A field of the event that is looked at.
   *
   * @param indexes where the field stands in {@code Match.fields()}, by member; -1: it has none
   */
  record Own(String field, List<Integer> indexes) implements Operand {
    public Own {
      indexes = List.copyOf(indexes);
    }
  }

  /**
   * A field of events that a step took.
   *
   * @param step index in {@link PatternPlan#steps()}
   * @param indexes as of {@link Own}
   */
  record OfStep(int step, Which which, String field, List<Integer> indexes) implements Operand {
    public OfStep {
      indexes = List.copyOf(indexes);
    }
  }

  /** How many events a step took. */
  record Count(int step) implements Operand {}

  /** Which of a step's events. */
  enum Which {
    FIRST,
    LAST,
    /** Any of them; with {@code !=}: none of them. */
    VALUES
  }
}

package dev.tidewatch.pattern.plan;

import java.io.Serializable;

/**
 * A condition of a step. Texts are compared without regard to case, numbers as numbers; a value
 * that is missing fails. A step that took nothing (optional, or this one before its first event)
 * has nothing to say: the comparison holds.
 *
 * @param text as the rule writes it
 */
public record Comparison(Operand left, Operator operator, Operand right, String text)
    implements Serializable {
  /** How the sides are compared. */
  public enum Operator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">="),
    CONTAINS("contains"),
    STARTS_WITH("startswith"),
    ENDS_WITH("endswith"),
    IN_CIDR("in-cidr");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    /** As rules write it. */
    public String text() {
      return text;
    }
  }
}

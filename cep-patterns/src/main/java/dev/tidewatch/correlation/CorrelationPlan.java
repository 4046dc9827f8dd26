package dev.tidewatch.correlation;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a correlation decides, without the names: enough to make its machine, and its reference.
 *
 * @param members how many rules it listens to
 * @param valueFields names of the fields whose values count, for findings; empty where none do
 */
public record CorrelationPlan(
    CorrelationType type,
    int members,
    List<String> valueFields,
    Windowing windowing,
    Condition condition) {
  /** More rules than this are not listened to: they are bits of a long. */
  public static final int MAX_MEMBERS = 64;

  /** Largest number that matches are counted to one by one. */
  public static final int MAX_COUNT = 100_000;

  /** Distinct values that are counted exactly; more are estimated (row 27). */
  public static final int MAX_DISTINCT = 10_000;

  /** Numbers of one window that are kept for sums and averages that slide. */
  public static final int MAX_NUMBERS = 100_000;

  /** Numbers of one window that are kept in order for percentiles. */
  public static final int MAX_SORTED = 10_000;

  public CorrelationPlan {
    valueFields = List.copyOf(valueFields);
  }

  /** When it is true. */
  public sealed interface Condition {
    /** Whether it is decided when a window closes rather than at matches. */
    boolean needsWholeWindow();
  }

  /** The count, sum, average of the window, or the number of rules that fired in it. */
  public record Measured(Bounds bounds) implements Condition {
    @Override
    public boolean needsWholeWindow() {
      return !bounds.hasLower();
    }
  }

  /**
   * The smallest value that is not less than {@code percentile} percent of the values (nearest
   * rank).
   *
   * @param percentile 0 to 100
   */
  public record Percentile(BigDecimal percentile, Bounds bounds) implements Condition {
    @Override
    public boolean needsWholeWindow() {
      return !bounds.hasLower();
    }

    /** Which value of {@code size} sorted ones it is, from 0. */
    public int rank(int size) {
      BigDecimal position = percentile.multiply(BigDecimal.valueOf(size)).movePointLeft(2);
      int rank = position.setScale(0, java.math.RoundingMode.CEILING).intValue();
      return Math.max(rank, 1) - 1;
    }
  }

  /** Which rules fired. */
  public record Fired(RuleExpression expression) implements Condition {
    @Override
    public boolean needsWholeWindow() {
      return !expression.isMonotone();
    }
  }

  /** Every rule, one after the other. */
  public record InOrder() implements Condition {
    @Override
    public boolean needsWholeWindow() {
      return false;
    }
  }

  /** Whether it is decided when a window closes rather than at matches. */
  public boolean decidedAtClose() {
    return condition.needsWholeWindow() && !(windowing instanceof Windowing.Count);
  }
}

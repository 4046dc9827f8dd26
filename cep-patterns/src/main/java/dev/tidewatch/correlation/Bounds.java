package dev.tidewatch.correlation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a condition asks of a number: one operator, or one from below and one from above.
 *
 * @param limits by operator; not empty
 */
public record Bounds(Map<Operator, BigDecimal> limits) {
  /** Sigma's comparison operators. */
  public enum Operator {
    GT,
    GTE,
    LT,
    LTE,
    EQ,
    NEQ;

    public boolean isLower() {
      return this == GT || this == GTE;
    }

    public boolean isUpper() {
      return this == LT || this == LTE;
    }
  }

  public Bounds {
    limits = java.util.Collections.unmodifiableMap(new EnumMap<>(limits));
  }

  public boolean hold(BigDecimal value) {
    for (Map.Entry<Operator, BigDecimal> limit : limits.entrySet()) {
      if (!holds(limit.getKey(), value.compareTo(limit.getValue()))) {
        return false;
      }
    }
    return true;
  }

  /** Whether they hold of {@code sum / count}, exactly. */
  public boolean holdAverage(BigDecimal sum, long count) {
    BigDecimal divisor = BigDecimal.valueOf(count);
    for (Map.Entry<Operator, BigDecimal> limit : limits.entrySet()) {
      if (!holds(limit.getKey(), sum.compareTo(limit.getValue().multiply(divisor)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(Operator operator, int comparison) {
    return switch (operator) {
      case GT -> comparison > 0;
      case GTE -> comparison >= 0;
      case LT -> comparison < 0;
      case LTE -> comparison <= 0;
      case EQ -> comparison == 0;
      case NEQ -> comparison != 0;
    };
  }

  /** Whether it asks for more than something, so that matches can make it true. */
  public boolean hasLower() {
    return limits.keySet().stream().anyMatch(Operator::isLower);
  }

  /** For whole numbers: the same as {@code from <= n <= to}, or its opposite. */
  public Whole whole() {
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    boolean not = false;
    for (Map.Entry<Operator, BigDecimal> limit : limits.entrySet()) {
      long up = limit.getValue().setScale(0, RoundingMode.CEILING).longValue();
      long down = limit.getValue().setScale(0, RoundingMode.FLOOR).longValue();
      switch (limit.getKey()) {
        case GT -> from = down + 1;
        case GTE -> from = up;
        case LT -> to = up - 1;
        case LTE -> to = down;
        default -> {
          from = up;
          to = down;
          not = limit.getKey() == Operator.NEQ;
        }
      }
    }
    return new Whole(from, to, not);
  }

  /**
   * @param not whether it holds outside of the range rather than in it
   */
  public record Whole(long from, long to, boolean not) {
    public boolean hold(long value) {
      return (value >= from && value <= to) != not;
    }

    /** The number from which on all numbers are the same to it. */
    public long largest() {
      return to == Long.MAX_VALUE ? from : Math.max(from, to + 1);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    limits.forEach(
        (operator, value) ->
            text.append(text.length() == 0 ? "" : ", ")
                .append(operator.name().toLowerCase(java.util.Locale.ROOT))
                .append(' ')
                .append(value.toPlainString()));
    return text.toString();
  }
}

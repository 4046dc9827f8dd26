package dev.tidewatch.correlation;

import java.util.List;

/** Which rules must have fired: the text condition of {@code temporal}. */
public sealed interface RuleExpression {
  /**
   * @param members bit {@code i} is set when member {@code i} fired in the window
   */
  boolean holds(long members);

  /** Whether rules that fire can make it false. */
  default boolean isMonotone() {
    return isMonotone(true);
  }

  /**
   * @param positive whether it stands under an even number of negations
   */
  boolean isMonotone(boolean positive);

  /** A rule fired. */
  record Fired(int member) implements RuleExpression {
    @Override
    public boolean holds(long members) {
      return (members >>> member & 1) != 0;
    }

    @Override
    public boolean isMonotone(boolean positive) {
      return positive;
    }
  }

  record All(List<RuleExpression> terms) implements RuleExpression {
    public All {
      terms = List.copyOf(terms);
    }

    @Override
    public boolean holds(long members) {
      for (int i = 0; i < terms.size(); i++) {
        if (!terms.get(i).holds(members)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public boolean isMonotone(boolean positive) {
      return terms.stream().allMatch(term -> term.isMonotone(positive));
    }
  }

  record Any(List<RuleExpression> terms) implements RuleExpression {
    public Any {
      terms = List.copyOf(terms);
    }

    @Override
    public boolean holds(long members) {
      for (int i = 0; i < terms.size(); i++) {
        if (terms.get(i).holds(members)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean isMonotone(boolean positive) {
      return terms.stream().allMatch(term -> term.isMonotone(positive));
    }
  }

  record Not(RuleExpression term) implements RuleExpression {
    @Override
    public boolean holds(long members) {
      return !term.holds(members);
    }

    @Override
    public boolean isMonotone(boolean positive) {
      return term.isMonotone(!positive);
    }
  }
}

package dev.tidewatch.sigma.ir;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The condition of a rule over its selections. {@link #toString} is a condition that parses to an
 * equal tree.
 */
public sealed interface Condition {

  /** Two terms or more; all hold. */
  record And(List<Condition> terms) implements Condition {
    public And {
      terms = List.copyOf(terms);
    }

    @Override
    public String toString() {
      return join(terms, " and ");
    }
  }

  /** Two terms or more; one holds. */
  record Or(List<Condition> terms) implements Condition {
    public Or {
      terms = List.copyOf(terms);
    }

    @Override
    public String toString() {
      return join(terms, " or ");
    }
  }

  /** The term does not hold. */
  record Not(Condition term) implements Condition {
    @Override
    public String toString() {
      return "not " + operand(term);
    }
  }

  /** The selection of this name holds. */
  record Selection(String name) implements Condition {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * {@code 1 of pattern}, {@code any of pattern}, {@code N of pattern}.
   *
   * @param count at least so many hold; 1 or more
   * @param pattern as written: {@code them}, or a name with {@code *}
   * @param selections the names that fit it, in the order of the rule
   */
  record AtLeast(int count, String pattern, List<String> selections) implements Condition {
    public AtLeast {
      selections = List.copyOf(selections);
    }

    @Override
    public String toString() {
      return count + " of " + pattern;
    }
  }

  /**
   * {@code all of pattern}.
   *
   * @param pattern as written: {@code them}, or a name with {@code *}
   * @param selections the names that fit it, in the order of the rule
   */
  record AllOf(String pattern, List<String> selections) implements Condition {
    public AllOf {
      selections = List.copyOf(selections);
    }

    @Override
    public String toString() {
      return "all of " + pattern;
    }
  }

  private static String join(List<Condition> terms, String operator) {
    return terms.stream().map(Condition::operand).collect(Collectors.joining(operator));
  }

  private static String operand(Condition term) {
    return term instanceof And || term instanceof Or ? "(" + term + ")" : term.toString();
  }
}

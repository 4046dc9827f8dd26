package dev.tidewatch.sigma.ir;

import java.math.BigDecimal;

/** One test of one field. The row numbers are those of the Sigma semantics we hold to. */
public sealed interface Predicate {
  /** Sigma name; empty for a keyword, which is tested against the whole event (row 8). */
  String field();

  /** For people: equals, contains, re, ... */
  String operator();

  /** For people: what the rule asks for. */
  String pattern();

  /**
   * Text against text, wildcards included (rows 6, 7). For a keyword {@code mode} is contains.
   *
   * @param cased compare as is; otherwise by Unicode simple case folding
   * @param written the value as the rule has it, before modifiers changed it
   */
  record Text(String field, TextMode mode, TextPattern text, boolean cased, String written)
      implements Predicate {
    @Override
    public String operator() {
      return field.isEmpty() && mode == TextMode.CONTAINS ? "keyword" : mode.sigmaName();
    }

    @Override
    public String pattern() {
      return written;
    }
  }

  /**
   * Equality with a number (row 5): with a JSON number by value, with other values by text.
   *
   * @param written the number as the rule has it
   */
  record NumberEquals(String field, BigDecimal value, String written) implements Predicate {
    @Override
    public String operator() {
      return "equals";
    }

    @Override
    public String pattern() {
      return written;
    }
  }

  /** Missing, or JSON null (row 1). */
  record IsNull(String field) implements Predicate {
    @Override
    public String operator() {
      return "null";
    }

    @Override
    public String pattern() {
      return "null";
    }
  }

  /** Present whatever its value, or with {@code present} false: missing (row 2). */
  record Exists(String field, boolean present) implements Predicate {
    @Override
    public String operator() {
      return "exists";
    }

    @Override
    public String pattern() {
      return String.valueOf(present);
    }
  }

  /**
   * Unanchored search of a regular expression in RE2 syntax (row 16).
   *
   * @param flags any of {@code i}, {@code m}, {@code s}, in this order
   */
  record Regex(String field, String regex, String flags) implements Predicate {
    @Override
    public String operator() {
      return flags.isEmpty() ? "re" : "re|" + String.join("|", flags.split(""));
    }

    @Override
    public String pattern() {
      return regex;
    }
  }

  /**
   * An address of a network (row 15).
   *
   * @param network address and prefix length, host bits cleared
   */
  record InNetwork(String field, String network) implements Predicate {
    @Override
    public String operator() {
      return "cidr";
    }

    @Override
    public String pattern() {
      return network;
    }
  }

  /** A numeric comparison; values that are no numbers fail it (row 5). */
  record Compare(String field, Comparison comparison, BigDecimal value) implements Predicate {
    @Override
    public String operator() {
      return comparison.sigmaName();
    }

    @Override
    public String pattern() {
      return value.toPlainString();
    }
  }

  /** A part of a date, read as it stands there, compared with a number. */
  record InTime(String field, TimePart part, Comparison comparison, int value)
      implements Predicate {
    @Override
    public String operator() {
      return comparison == Comparison.EQUAL
          ? part.sigmaName()
          : part.sigmaName() + "|" + comparison.sigmaName();
    }

    @Override
    public String pattern() {
      return String.valueOf(value);
    }
  }

  /**
   * Against the value of another field; false when either is missing or null (row 13).
   *
   * @param negated {@code neq}: both are there, and the test does not hold
   */
  record SameAs(String field, TextMode mode, String other, boolean cased, boolean negated)
      implements Predicate {
    @Override
    public String operator() {
      return "fieldref"
          + (mode == TextMode.EQUALS ? "" : "|" + mode.sigmaName())
          + (negated ? "|neq" : "");
    }

    @Override
    public String pattern() {
      return other;
    }
  }
}

package dev.tidewatch.sigma.parse;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The correlation rule that says what a removed aggregation said (row 19). */
final class AggregationHint {
  private static final Pattern AGGREGATE =
      Pattern.compile(
          "\\|?\\s*(count|min|max|avg|sum)\\s*\\(\\s*([^)\\s]*)\\s*\\)"
              + "(?:\\s+(?:by|per)\\s+([^<>=]+?))?\\s*(>=|<=|==|=|>|<)\\s*([0-9]+).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private AggregationHint() {}

  /**
   * @param aggregation from the bar or the function's name on
   * @param timeframe as the rule has it, or empty
   */
  static String of(String aggregation, String timeframe) {
    Matcher m = AGGREGATE.matcher(aggregation);
    if (!m.matches()) {
      return aggregation.toLowerCase(Locale.ROOT).contains("near")
          ? correlation("temporal", "[<names of the rules>]", "", timeframe, "")
          : "split it: one rule for the events, and a correlation document that counts them";
    }
    String field = m.group(2);
    String groupBy = m.group(3) == null ? "" : m.group(3).trim().replaceAll("[\\s,]+", ", ");
    String condition =
        "{"
            + operator(m.group(4))
            + ": "
            + m.group(5)
            + (field.isEmpty() ? "" : ", field: " + field)
            + "}";
    String type = type(m.group(1).toLowerCase(Locale.ROOT), field);
    if (type.isEmpty()) {
      return "correlations have no "
          + m.group(1)
          + "; use value_sum, value_avg or value_percentile";
    }
    return correlation(type, "[<name of this rule>]", groupBy, timeframe, condition);
  }

  private static String correlation(
      String type, String rules, String groupBy, String timeframe, String condition) {
    return "remove it from the condition, give this rule a name, and add a second document:\n"
        + "correlation:\n"
        + ("    type: " + type + "\n")
        + ("    rules: " + rules + "\n")
        + (groupBy.isEmpty() ? "" : "    group-by: [" + groupBy + "]\n")
        + ("    timespan: " + (timeframe.isEmpty() ? "<e.g. 10m>" : timeframe))
        + (condition.isEmpty() ? "" : "\n    condition: " + condition);
  }

  private static String type(String function, String field) {
    return switch (function) {
      case "count" -> field.isEmpty() ? "event_count" : "value_count";
      case "sum" -> "value_sum";
      case "avg" -> "value_avg";
      default -> "";
    };
  }

  private static String operator(String sign) {
    return switch (sign) {
      case ">" -> "gt";
      case ">=" -> "gte";
      case "<" -> "lt";
      case "<=" -> "lte";
      default -> "eq";
    };
  }
}

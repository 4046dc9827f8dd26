package dev.tidewatch.jobs.match;

import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.ValueText;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one line that says why: {@code CommandLine contains -enc · Image ends with \powershell.exe}.
 */
final class AlertReason {
  private static final int MAX_PARTS = 4;
  private static final int MAX_PATTERN = 80;

  private AlertReason() {}

  static String of(List<RuleMatch.Field> fields) {
    List<String> parts = fields.stream().map(AlertReason::part).distinct().toList();
    String reason = parts.stream().limit(MAX_PARTS).collect(Collectors.joining(" · "));
    int more = parts.size() - MAX_PARTS;
    return more > 0 ? reason + " · and " + more + " more" : reason;
  }

  private static String part(RuleMatch.Field field) {
    String pattern = ValueText.line(field.pattern(), MAX_PATTERN);
    String subject = field.field().isEmpty() ? "the event" : ValueText.line(field.field(), 80);
    return switch (field.operator()) {
      case "exists" -> subject + " exists";
      case "null" -> subject + " is null";
      default -> subject + " " + verb(field.operator()) + " " + pattern;
    };
  }

  private static String verb(String operator) {
    return switch (operator) {
      case "equals" -> "is";
      case "startswith" -> "starts with";
      case "endswith" -> "ends with";
      case "re" -> "matches";
      case "cidr" -> "is in";
      case "keyword", "contains" -> "contains";
      default -> operator;
    };
  }
}

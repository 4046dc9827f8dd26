package dev.tidewatch.control.rule;

import dev.tidewatch.control.v1.RuleDiagnostic;
import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.LogSource;

/** What is said of rules, as protobufs. */
public final class WireRules {
  private WireRules() {}

  public static LogSource logSource(dev.tidewatch.events.LogSource source) {
    return LogSource.newBuilder()
        .setProduct(source.product())
        .setCategory(source.category())
        .setService(source.service())
        .build();
  }

  /** Unspecified for a word that is none of Sigma's levels. */
  public static Level level(String level) {
    return switch (level) {
      case "informational" -> Level.LEVEL_INFORMATIONAL;
      case "low" -> Level.LEVEL_LOW;
      case "medium" -> Level.LEVEL_MEDIUM;
      case "high" -> Level.LEVEL_HIGH;
      case "critical" -> Level.LEVEL_CRITICAL;
      default -> Level.LEVEL_UNSPECIFIED;
    };
  }

  public static RuleDiagnostic diagnostic(Diagnostic diagnostic) {
    return RuleDiagnostic.newBuilder()
        .setCode(diagnostic.code())
        .setSeverity(severity(diagnostic.severity()))
        .setFile(diagnostic.file())
        .setLine(diagnostic.line())
        .setColumn(diagnostic.column())
        .setMessage(diagnostic.message())
        .setRemedy(diagnostic.remedy())
        .build();
  }

  private static String severity(Diagnostic.Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case HINT -> "info";
    };
  }
}

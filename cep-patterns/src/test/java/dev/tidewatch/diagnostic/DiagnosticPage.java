package dev.tidewatch.diagnostic;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Generates {@code docs/reference/diagnostics.md}. */
final class DiagnosticPage {
  private static final String[][] SECTIONS = {
    {"10", "Files and YAML"},
    {"11", "The rule's head"},
    {"12", "The detection"},
    {"13", "The condition"},
    {"14", "Filters"},
    {"15", "Rule tests"},
    {"16", "Correlations and references"},
    {"17", "Patterns"},
  };

  private DiagnosticPage() {}

  static String text() {
    StringBuilder out =
        new StringBuilder(
            """
            # Diagnostics of rules
            What `tidewatch rules check` says about rule files. The codes are stable. `TW-E…` refuses the rule (and only
            that rule), `TW-W…` warns, `TW-H…` hints. Every finding names file, line and column, and where it can, what to
            write instead. This page is generated from `DiagnosticCode`; a test keeps it true.
            """);
    for (String[] section : SECTIONS) {
      out.append("\n## ").append(section[1]).append("\n| code | | meaning |\n|---|---|---|\n");
      for (DiagnosticCode code : DiagnosticCode.values()) {
        if (code.code().substring(4).startsWith(section[0])) {
          String severity = code.severity().name().toLowerCase(Locale.ROOT);
          String meaning = code.meaning().replace("|", "\\|");
          out.append(String.format("| `%s` | %s | %s |\n", code.code(), severity, meaning));
        }
      }
    }
    return out.toString();
  }

  public static void main(String[] arguments) {
    new PrintStream(System.out, true, StandardCharsets.UTF_8).print(text());
  }
}

package dev.tidewatch.lint;

import java.util.Locale;

/** Generates {@code docs/reference/rule-lint.md}. */
final class LintPage {
  private static final String[][] SECTIONS = {
    {"20", "The head"},
    {"21", "Tags"},
    {"22", "Values"},
    {"23", "Logic"},
    {"24", "The set"},
  };

  private LintPage() {}

  static String text() {
    StringBuilder out =
        new StringBuilder(
            """
            # Lint of rules
            `tidewatch rules lint PATH…` says what `rules check` says ([diagnostics](diagnostics.md)), and what is below: SigmaHQ's conventions, and rules or
            parts of them that have no sense. The codes are stable. Exit code 1 when a rule is refused; with `--strict` on warnings too; hints never
            fail. `--without CODE` leaves findings out, `--format json` prints them for programs. This page is generated from `LintCode`; a test
            keeps it true.

            Findings of logic (`TW-L23…`) are certain: the linter takes the condition apart and closes a case only where two tests contradict each
            other for every event, lists of values included. It does not find everything: wildcards and regular expressions are not compared.
            """);
    for (String[] section : SECTIONS) {
      out.append("\n## ").append(section[1]).append("\n| code | | meaning |\n|---|---|---|\n");
      for (LintCode code : LintCode.values()) {
        if (code.code().startsWith("TW-L" + section[0])) {
          String severity = code.severity().name().toLowerCase(Locale.ROOT);
          out.append(String.format("| `%s` | %s | %s |\n", code.code(), severity, code.meaning()));
        }
      }
    }
    return out.toString();
  }
}

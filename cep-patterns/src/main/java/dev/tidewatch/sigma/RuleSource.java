package dev.tidewatch.sigma;

import dev.tidewatch.diagnostic.Diagnostic;
import java.util.List;

/**
 * Text of one rule file.
 *
 * @param file name for diagnostics and for the console; relative to the directory the user named
 * @param text empty where the file could not be read
 * @param problems what was found while reading the file; the compiler passes it on
 */
public record RuleSource(String file, String text, List<Diagnostic> problems) {
  public RuleSource {
    problems = List.copyOf(problems);
  }

  public RuleSource(String file, String text) {
    this(file, text, List.of());
  }
}

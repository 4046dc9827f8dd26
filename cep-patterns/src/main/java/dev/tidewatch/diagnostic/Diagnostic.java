package dev.tidewatch.diagnostic;

/**
 * One finding about a rule file.
 *
 * @param code stable code: {@code TW-E…} stops the rule, {@code TW-W…} warns, {@code TW-H…} hints
 * @param file as the user named it
 * @param line 1-based, 0 when the finding has no place
 * @param column 1-based, 0 when the finding has no place
 * @param message what is wrong
 * @param remedy what to write instead; may be empty
 */
public record Diagnostic(
    String code,
    Severity severity,
    String file,
    int line,
    int column,
    String message,
    String remedy) {
  /** How bad a finding is. */
  public enum Severity {
    ERROR,
    WARNING,
    HINT
  }
}

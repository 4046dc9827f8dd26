package dev.tidewatch.diagnostic;

/**
 * One finding about a rule file.
 *
 * @param code stable code: {@code TW-E…} stops the rule, {@code TW-W…} warns, {@code TW-H…} hints
 * @param file as the user named it
 * @param line 1-based, 0 when the finding has no place
 * @param column 1-based, in code points, 0 when the finding has no place
 * @param message what is wrong
 * @param remedy what to write instead; may be empty, may have several lines
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

  public static Diagnostic of(
      DiagnosticCode code, String file, Place place, String message, String remedy) {
    return new Diagnostic(
        code.code(), code.severity(), file, place.line(), place.column(), message, remedy);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code file:line:column}, as far as the place is known. */
  public String where() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}

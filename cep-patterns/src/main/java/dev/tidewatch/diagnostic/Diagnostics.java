package dev.tidewatch.diagnostic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects the findings about one file. Every pass of a compiler adds to it and goes on, so that
 * the reader gets all of them at once.
 */
public final class Diagnostics {
  /** A file that is wrong everywhere is cut off here. */
  private static final int MAX_PER_FILE = 1_000;

  private final String file;
  private final List<Diagnostic> found = new ArrayList<>();
  private int errors;

  public Diagnostics(String file) {
    this.file = file;
  }

  public void add(DiagnosticCode code, Place place, String message, String remedy) {
    add(Diagnostic.of(code, file, place, message, remedy));
  }

  public void add(Diagnostic diagnostic) {
    if (diagnostic.isError()) {
      errors++;
    }
    if (found.size() < MAX_PER_FILE) {
      found.add(diagnostic);
    }
  }

  public void add(DiagnosticCode code, Place place, String message) {
    add(code, place, message, "");
  }

  /** Errors so far; compare before and after a pass to know whether it went well. */
  public int errors() {
    return errors;
  }

  public String file() {
    return file;
  }

  /** By line and column; those of one place in the order they were found. */
  public List<Diagnostic> inOrderOfPlace() {
    return found.size() < 2
        ? List.copyOf(found)
        : found.stream()
            .sorted(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column))
            .toList();
  }

  /** In the order they were found. */
  public List<Diagnostic> found() {
    return List.copyOf(found);
  }
}

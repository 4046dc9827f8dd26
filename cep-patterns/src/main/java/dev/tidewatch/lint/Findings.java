package dev.tidewatch.lint;

import dev.tidewatch.diagnostic.Diagnostic;
import dev.tidewatch.diagnostic.Place;
import java.util.ArrayList;
import java.util.List;

/** Collects what is found in one file. */
final class Findings {
  /** A rule with very many values is not reported value by value. */
  private static final int MAX_PER_CODE = 50;

  private final String file;
  private final List<Diagnostic> found = new ArrayList<>();
  private final int[] counts = new int[LintCode.values().length];

  Findings(String file) {
    this.file = file;
  }

  void add(LintCode code, Place place, String message, String remedy) {
    if (counts[code.ordinal()]++ < MAX_PER_CODE) {
      found.add(
          new Diagnostic(
              code.code(), code.severity(), file, place.line(), place.column(), message, remedy));
    }
  }

  List<Diagnostic> found() {
    return found;
  }
}

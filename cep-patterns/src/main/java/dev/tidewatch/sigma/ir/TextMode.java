package dev.tidewatch.sigma.ir;

import java.util.Locale;

/** Where in a value the text must stand. */
public enum TextMode {
  EQUALS,
  CONTAINS,
  STARTSWITH,
  ENDSWITH;

  public String sigmaName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

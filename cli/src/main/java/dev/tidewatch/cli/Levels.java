package dev.tidewatch.cli;

/** Colours of Sigma's levels on a terminal. */
final class Levels {
  private Levels() {}

  static String paint(String level, String text, boolean colours) {
    if (!colours) {
      return text;
    }
    String code =
        switch (level) {
          case "critical" -> "1;31";
          case "high" -> "31";
          case "medium" -> "33";
          case "low" -> "34";
          default -> "2";
        };
    return "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}

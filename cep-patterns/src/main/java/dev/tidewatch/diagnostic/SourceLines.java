package dev.tidewatch.diagnostic;

import java.util.ArrayList;
import java.util.List;

/** Lines of a text as YAML 1.1 counts them: LF, CR, CRLF, NEL, LS and PS end a line. */
public final class SourceLines {
  private SourceLines() {}

  /** Lines without their ends; always at least one. */
  public static List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        lines.add(text.substring(start, i));
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    lines.add(text.substring(start));
    return lines;
  }
}

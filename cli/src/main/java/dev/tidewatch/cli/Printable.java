package dev.tidewatch.cli;

/**
 * Untrusted text on a terminal: control, format and unassigned characters become visible escapes,
 * so none can move the cursor.
 */
final class Printable {
  private Printable() {}

  static String of(String text) {
    StringBuilder safe = null;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int width = Character.charCount(c);
      if (hostile(c)) {
        if (safe == null) {
          safe = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        safe.append(
            c == '\n'
                ? "\\n"
                : c == '\t' ? "\\t" : c == '\r' ? "\\r" : String.format("\\u{%x}", c));
      } else if (safe != null) {
        safe.appendCodePoint(c);
      }
      i += width;
    }
    return safe == null ? text : safe.toString();
  }

  private static boolean hostile(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** At most {@code width} characters, the cut marked. */
  static String cut(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(width - 2)) ? width - 2 : width - 1;
    return text.substring(0, end) + "…";
  }
}

package dev.tidewatch.sigma.parse;

import java.util.regex.Pattern;

/**
 * Keeps case-insensitive expressions away from a loop without end in re2j 1.8: its fold orbits come
 * from an older Unicode than the JDK's case tables, and for U+1C80 to U+1C88 they never close
 * (google/re2j#168). An expression that folds one of them, alone or in a range, would hang the
 * compiler.
 */
final class RegexFolding {
  private static final int FIRST_OPEN = 0x1C80;
  private static final int LAST_OPEN = 0x1C8F;
  private static final Pattern INLINE_FLAG = Pattern.compile("\\(\\?[a-zA-Z]*i");
  private static final int LONGEST_ESCAPE = 8;

  private final String regex;
  private int at;

  private RegexFolding(String regex) {
    this.regex = regex;
  }

  /**
   * @param flags {@code i}, {@code m}, {@code s} given beside the expression
   */
  static boolean isSafe(String regex, String flags) {
    boolean folds = flags.contains("i") || INLINE_FLAG.matcher(regex).find();
    return !folds || new RegexFolding(regex).isSafe();
  }

  private boolean isSafe() {
    while (at < regex.length()) {
      int first = next();
      int last = first;
      if (at + 1 < regex.length() && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']') {
        at++;
        last = next();
      }
      if (Math.min(first, last) <= LAST_OPEN && Math.max(first, last) >= FIRST_OPEN) {
        return false;
      }
    }
    return true;
  }

  /** The next code point, escapes by number resolved. */
  private int next() {
    int c = regex.codePointAt(at);
    at += Character.charCount(c);
    if (c != '\\' || at >= regex.length()) {
      return c;
    }
    int escaped = regex.codePointAt(at);
    at += Character.charCount(escaped);
    return escaped == 'x' ? hexadecimal() : escaped;
  }

  private int hexadecimal() {
    boolean braces = at < regex.length() && regex.charAt(at) == '{';
    int from = braces ? at + 1 : at;
    int to = from;
    int most = braces ? LONGEST_ESCAPE : 2;
    while (to < regex.length() && to - from < most && Character.digit(regex.charAt(to), 16) >= 0) {
      to++;
    }
    at = braces ? to + 1 : to;
    return to == from ? 'x' : Integer.parseUnsignedInt(regex.substring(from, to), 16);
  }
}

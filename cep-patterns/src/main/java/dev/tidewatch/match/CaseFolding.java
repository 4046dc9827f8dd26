package dev.tidewatch.match;

/**
 * Unicode simple case folding (row 6): one code point to one code point, so lengths stay. {@code
 * toLowerCase(toUpperCase(c))} gives the same classes as CaseFolding.txt's C and S lines, except
 * for the two Turkish letters, which fold to themselves there.
 */
public final class CaseFolding {
  private static final char DOTTED_CAPITAL_I = '\u0130';
  private static final char DOTLESS_SMALL_I = '\u0131';
  private static final char[] BMP = table();

  private CaseFolding() {}

  private static char[] table() {
    char[] table = new char[0x10000];
    for (int c = 0; c < table.length; c++) {
      table[c] = (char) c;
      if (!Character.isSurrogate((char) c) && c != DOTTED_CAPITAL_I && c != DOTLESS_SMALL_I) {
        table[c] = (char) Character.toLowerCase(Character.toUpperCase(c));
      }
    }
    return table;
  }

  /** {@code text} folded; the same object when nothing changes. */
  public static String fold(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (BMP[c] != c || Character.isSurrogate(c)) {
        return foldFrom(text, i);
      }
    }
    return text;
  }

  private static String foldFrom(String text, int first) {
    char[] out = text.toCharArray();
    for (int i = first; i < out.length; i++) {
      char c = out[i];
      if (Character.isHighSurrogate(c)
          && i + 1 < out.length
          && Character.isLowSurrogate(out[i + 1])) {
        int folded =
            Character.toLowerCase(Character.toUpperCase(Character.toCodePoint(c, out[i + 1])));
        Character.toChars(folded, out, i++);
      } else {
        out[i] = BMP[c];
      }
    }
    return new String(out);
  }
}

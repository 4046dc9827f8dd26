package dev.tidewatch.sigma.yaml;

import dev.tidewatch.diagnostic.Place;
import java.util.List;

/**
 * Where a scalar's text stands in the file, for places inside it (a modifier in a key, a word of a
 * condition).
 *
 * <p>Folding, indentation and line breaks change white space only, so the n-th visible character of
 * the value is the n-th visible character of the source, after the quote or block header. Where
 * escapes break that, the scalar's start stands in.
 *
 * @param lines of the file
 * @param line 0-based line of the first character, quote or block indicator included
 * @param column 0-based, in code points
 * @param style the quote, {@code |}, {@code >}, or a blank for plain
 */
record ScalarSpan(List<String> lines, int line, int column, char style) {

  Place at(String text, int offset) {
    Place start = new Place(line + 1, column + 1);
    int[] first = lineAt(line);
    if (style == '"' && containsBackslash(first)) {
      return start;
    }
    int visible = visible(text.substring(0, Math.min(offset, text.length())));
    boolean block = style == '|' || style == '>';
    int atLine = block ? line + 1 : line;
    int atColumn = block ? 0 : style == ' ' ? column : column + 1;
    return walk(atLine, atColumn, visible, visible == visible(text), start);
  }

  private Place walk(int fromLine, int fromColumn, int visible, boolean toEnd, Place otherwise) {
    int left = visible;
    int from = fromColumn;
    Place last = otherwise;
    for (int l = fromLine; l < lines.size(); l++, from = 0) {
      int[] codePoints = lineAt(l);
      for (int c = from; c < codePoints.length; c++) {
        if (Character.isWhitespace(codePoints[c])) {
          continue;
        }
        if (left == 0) {
          return new Place(l + 1, c + 1);
        }
        last = new Place(l + 1, c + 2);
        left--;
        if (style == '\'' && codePoints[c] == '\'') {
          c++;
        }
      }
      if (left == 0 && toEnd) {
        return last;
      }
    }
    return otherwise;
  }

  private int[] lineAt(int index) {
    return index < lines.size() ? lines.get(index).codePoints().toArray() : new int[0];
  }

  private boolean containsBackslash(int[] codePoints) {
    for (int i = column; i < codePoints.length; i++) {
      if (codePoints[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  private static int visible(String text) {
    return (int) text.codePoints().filter(c -> !Character.isWhitespace(c)).count();
  }
}

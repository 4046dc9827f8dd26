package dev.tidewatch.diagnostic;

import java.util.List;
import java.util.Locale;

/**
 * A diagnostic as a compiler prints it: place, code and message on one line, then the source line
 * with a caret under the place, then the remedy.
 *
 * <pre>
 * rules/x.yml:7:19: error TW-E1203: unknown modifier 'contians'
 *      7 |     CommandLine|contians: whoami
 *        |                 ^
 *        = did you mean 'contains'?
 * </pre>
 */
public final class DiagnosticText {
  private static final int MAX_WIDTH = 160;

  private DiagnosticText() {}

  /** Without the source line, for when the text is not at hand. */
  public static String render(Diagnostic diagnostic) {
    return render(diagnostic, "");
  }

  /**
   * @param source the whole text of the diagnostic's file
   * @return lines with {@code \n} at the end of each
   */
  public static String render(Diagnostic diagnostic, String source) {
    StringBuilder out = new StringBuilder();
    out.append(printable(diagnostic.where()))
        .append(": ")
        .append(diagnostic.severity().name().toLowerCase(Locale.ROOT))
        .append(' ')
        .append(diagnostic.code())
        .append(": ")
        .append(printable(diagnostic.message()))
        .append('\n');
    snippet(out, diagnostic, source);
    for (String line : diagnostic.remedy().lines().toList()) {
      out.append("       = ").append(printable(line)).append('\n');
    }
    return out.toString();
  }

  private static void snippet(StringBuilder out, Diagnostic diagnostic, String source) {
    List<String> lines = SourceLines.split(source);
    if (diagnostic.line() < 1 || diagnostic.line() > lines.size() || source.isEmpty()) {
      return;
    }
    int[] line = lines.get(diagnostic.line() - 1).codePoints().toArray();
    int caret = Math.min(Math.max(diagnostic.column() - 1, 0), line.length);
    int from = caret > MAX_WIDTH - 20 ? caret - MAX_WIDTH / 2 : 0;
    int to = Math.min(line.length, from + MAX_WIDTH);
    String shown = (from > 0 ? "…" : "") + window(line, from, to) + (to < line.length ? "…" : "");
    out.append(String.format("%6d | %s%n", diagnostic.line(), shown).replace("\r\n", "\n"));
    out.append("       | ").append(from > 0 ? " " : "");
    for (int i = from; i < caret; i++) {
      out.append(line[i] == '\t' ? '\t' : ' ');
    }
    out.append("^\n");
  }

  private static String window(int[] line, int from, int to) {
    return printable(new String(line, from, to - from));
  }

  /** Rule text is untrusted: control characters would drive the reader's terminal. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) && c != '\t' ? '�' : c));
    return out.toString();
  }
}

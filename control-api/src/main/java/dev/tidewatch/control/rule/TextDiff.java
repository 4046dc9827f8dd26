package dev.tidewatch.control.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * The difference of two texts by lines, as {@code diff -u} writes it. A longest common subsequence
 * is sought between the first and the last line that differ; where that is too large a table, what
 * lies between is replaced as a whole.
 *
 * @param unified hunks with three lines around each change; empty when the texts are equal
 */
record TextDiff(String unified, int added, int removed) {
  private static final int AROUND = 3;
  private static final long LARGEST_TABLE = 16_000_000;

  /** A line of both, or of one of them. */
  private record Line(char sign, String text) {}

  static TextDiff of(String from, String to) {
    List<Line> script = script(from.lines().toList(), to.lines().toList());
    int added = (int) script.stream().filter(line -> line.sign() == '+').count();
    int removed = (int) script.stream().filter(line -> line.sign() == '-').count();
    return new TextDiff(unified(script), added, removed);
  }

  private static List<Line> script(List<String> from, List<String> to) {
    int head = 0;
    int most = Math.min(from.size(), to.size());
    while (head < most && from.get(head).equals(to.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && from.get(from.size() - 1 - tail).equals(to.get(to.size() - 1 - tail))) {
      tail++;
    }
    List<Line> script = new ArrayList<>();
    from.subList(0, head).forEach(line -> script.add(new Line(' ', line)));
    between(from.subList(head, from.size() - tail), to.subList(head, to.size() - tail), script);
    from.subList(from.size() - tail, from.size()).forEach(line -> script.add(new Line(' ', line)));
    return script;
  }

  private static void between(List<String> from, List<String> to, List<Line> script) {
    if ((long) from.size() * to.size() > LARGEST_TABLE) {
      from.forEach(line -> script.add(new Line('-', line)));
      to.forEach(line -> script.add(new Line('+', line)));
      return;
    }
    int[][] common = common(from, to);
    int i = 0;
    int j = 0;
    while (i < from.size() || j < to.size()) {
      if (i < from.size() && j < to.size() && from.get(i).equals(to.get(j))) {
        script.add(new Line(' ', from.get(i++)));
        j++;
      } else if (i < from.size() && (j == to.size() || common[i + 1][j] >= common[i][j + 1])) {
        script.add(new Line('-', from.get(i++)));
      } else {
        script.add(new Line('+', to.get(j++)));
      }
    }
  }

  /** Lines in common of what begins at i and at j. */
  private static int[][] common(List<String> from, List<String> to) {
    int[][] common = new int[from.size() + 1][to.size() + 1];
    for (int i = from.size() - 1; i >= 0; i--) {
      for (int j = to.size() - 1; j >= 0; j--) {
        common[i][j] =
            from.get(i).equals(to.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private static String unified(List<Line> script) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < script.size()) {
      if (script.get(at).sign() == ' ') {
        at++;
        continue;
      }
      int from = Math.max(0, at - AROUND);
      int to = end(script, at);
      hunk(script, from, to, text);
      at = to;
    }
    return text.toString();
  }

  /** Where the hunk that begins with a change at {@code at} ends. */
  private static int end(List<Line> script, int at) {
    int last = at;
    for (int i = at; i < script.size() && i - last <= 2 * AROUND; i++) {
      if (script.get(i).sign() != ' ') {
        last = i;
      }
    }
    return Math.min(script.size(), last + 1 + AROUND);
  }

  private static void hunk(List<Line> script, int from, int to, StringBuilder text) {
    List<Line> before = script.subList(0, from);
    List<Line> lines = script.subList(from, to);
    text.append("@@ -")
        .append(range(before, lines, '+'))
        .append(" +")
        .append(range(before, lines, '-'))
        .append(" @@\n");
    lines.forEach(line -> text.append(line.sign()).append(line.text()).append('\n'));
  }

  /** First line and number of lines on the side that does not have {@code other}. */
  private static String range(List<Line> before, List<Line> lines, char other) {
    long skipped = before.stream().filter(line -> line.sign() != other).count();
    long count = lines.stream().filter(line -> line.sign() != other).count();
    return (count == 0 ? skipped : skipped + 1) + (count == 1 ? "" : "," + count);
  }
}

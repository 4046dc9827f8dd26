package dev.tidewatch.cli;

import dev.tidewatch.match.RuleMatch;
import java.io.PrintWriter;
import java.util.StringJoiner;

/** Alerts for people: a line an alert, matched fields cut to the width of a terminal. */
final class TableAlertPrinter implements AlertPrinter {
  private static final int FIELD_WIDTH = 72;
  private final PrintWriter out;
  private final boolean colours;
  private boolean begun;

  TableAlertPrinter(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  @Override
  public void print(FileAlert alert) {
    if (!begun) {
      begun = true;
      out.printf("%-13s %-27s %-22s %s%n", "LEVEL", "TIME", "RECORD", "ALERT");
    }
    String level = alert.match().rule().level();
    out.printf(
        "%s %-27s %-22s %s%n",
        Levels.paint(level, String.format("%-13s", level), colours),
        alert.time(),
        place(alert),
        Printable.of(alert.match().rule().title()));
    String fields = fields(alert.match());
    if (!fields.isEmpty()) {
      out.printf("%13s %s%n", "", fields);
    }
  }

  private static String place(FileAlert alert) {
    String file = alert.file();
    String name = file.substring(file.lastIndexOf('/') + 1);
    return Printable.cut(name, 15) + ":" + alert.record();
  }

  private static String fields(RuleMatch match) {
    StringJoiner fields = new StringJoiner("  ");
    String last = null;
    for (RuleMatch.Field field : match.fields()) {
      String name = field.field().isEmpty() ? "keywords" : field.field();
      if (!name.equals(last)) {
        fields.add(name + "=" + Printable.cut(Printable.of(field.value()), FIELD_WIDTH));
      }
      last = name;
    }
    return fields.toString();
  }

  @Override
  public void end() {
    out.flush();
  }
}

package dev.tidewatch.cli;

import dev.tidewatch.match.RuleMatch;
import dev.tidewatch.remember.EpisodeReason;
import dev.tidewatch.remember.StatefulRule;
import java.io.PrintWriter;
import java.util.StringJoiner;

/** Alerts for people: a line an alert, matched fields cut to the width of a terminal. */
final class TableAlertPrinter implements AlertPrinter {
  private static final int FIELD_WIDTH = 72;
  private static final int MAX_PLACES = 8;
  private final PrintWriter out;
  private final boolean colours;
  private boolean begun;

  TableAlertPrinter(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  private void begin() {
    if (!begun) {
      begun = true;
      out.printf("%-13s %-27s %-22s %s%n", "LEVEL", "TIME", "RECORD", "ALERT");
    }
  }

  @Override
  public void print(FileAlert alert) {
    begin();
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

  /** Its record is that of its first event; below it why, and where its events stand. */
  @Override
  public void print(FileEpisode episode) {
    begin();
    StatefulRule rule = episode.found().rule();
    String level = rule.head().level();
    out.printf(
        "%s %-27s %-22s %s (%s)%n",
        Levels.paint(level, String.format("%-13s", level), colours),
        episode.time(),
        episode.evidence().isEmpty() ? "" : place(episode.evidence().get(0)),
        Printable.of(rule.head().title()),
        rule.kind());
    out.printf(
        "%13s %s%n",
        "", Printable.of(EpisodeReason.of(episode.found().key(), rule, episode.found().episode())));
    out.printf("%13s %s%n", "", Printable.of(places(episode)));
  }

  private static String places(FileEpisode episode) {
    long count = episode.found().episode().count();
    StringJoiner places = new StringJoiner(", ", count + " in all: ", "");
    episode.evidence().stream().limit(MAX_PLACES).forEach(event -> places.add(place(event)));
    return places + (count > MAX_PLACES ? ", …" : "");
  }

  private static String place(FileEpisode.Place event) {
    return event.alertId().isEmpty()
        ? place(event.file(), event.record())
        : "alert " + event.alertId();
  }

  private static String place(FileAlert alert) {
    return place(alert.file(), alert.record());
  }

  private static String place(String file, int record) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    return Printable.cut(name, 15) + ":" + record;
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

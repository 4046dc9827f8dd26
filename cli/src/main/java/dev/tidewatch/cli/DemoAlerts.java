package dev.tidewatch.cli;

import dev.tidewatch.cli.demo.DemoScenario;
import dev.tidewatch.cli.demo.ExpectedAlert;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.store.ClickHouseStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The alerts that the scenario raised, held against the ones it must raise. */
final class DemoAlerts {
  private static final String TENANT = "default";
  private static final int PAGE = 1000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  /** An alert and the host whose event raised it. */
  record Found(AlertRow row, String host) {}

  private final ClickHouseStore store;
  private final DemoScenario scenario;
  private List<Found> found = List.of();

  DemoAlerts(ClickHouseStore store, DemoScenario scenario) {
    this.store = store;
    this.scenario = scenario;
  }

  /**
   * Waits until all events are stored and at least the expected number of alerts.
   *
   * @return false when that took longer than {@code patience}
   */
  boolean await(long events, Duration patience) {
    long expected = scenario.expectedAlerts().stream().mapToLong(ExpectedAlert::count).sum();
    long deadline = System.nanoTime() + patience.toNanos();
    boolean settled = false;
    while (!settled && System.nanoTime() < deadline) {
      settled = storedEvents() >= events && list().size() >= expected;
      if (!settled) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
    found = list().stream().map(this::withHost).toList();
    return settled;
  }

  List<Found> found() {
    return found;
  }

  private long storedEvents() {
    return store.pipelineQueries().counts(Duration.ofMinutes(1), Duration.ofSeconds(10)).events();
  }

  private List<AlertRow> list() {
    List<AlertRow> rows = new ArrayList<>();
    String page = "";
    do {
      ListAlertsResponse response =
          store.alertQueries().list(TENANT, AlertFilter.getDefaultInstance(), PAGE, page);
      rows.addAll(response.getAlertsList());
      page = response.getNextPageToken();
    } while (!page.isEmpty());
    rows.sort(Comparator.comparingLong(AlertRow::getTimeMs).thenComparing(AlertRow::getTitle));
    return rows;
  }

  private Found withHost(AlertRow row) {
    String origin =
        store
            .alertQueries()
            .get(TENANT, row.getAlertId())
            .map(alert -> store.eventQueries().byEvidence(TENANT, alert.getEvidenceList()))
            .flatMap(events -> events.stream().map(EventRow::getOrigin).findFirst())
            .orElse("");
    return new Found(
        row,
        origin.startsWith(DemoPlayer.ORIGIN)
            ? origin.substring(DemoPlayer.ORIGIN.length())
            : origin);
  }

  /** One line an alert, in order of time. */
  void print(PrintWriter out) {
    boolean colours = Tidewatch.colours();
    out.printf("%n%-12s %-13s %-32s %-22s %s%n", "TIME", "LEVEL", "HOST", "TECHNIQUES", "ALERT");
    for (Found alert : found) {
      String level = level(alert.row().getLevel());
      out.printf(
          "%-12s %s %-32s %-22s %s%n",
          TIME.format(Instant.ofEpochMilli(alert.row().getTimeMs())),
          Levels.paint(level, String.format("%-13s", level), colours),
          Printable.cut(Printable.of(alert.host()), 32),
          Printable.cut(String.join(" ", alert.row().getTechniqueIdsList()), 22),
          Printable.of(alert.row().getTitle()));
    }
  }

  private static String level(Level level) {
    return level.name().replace("LEVEL_", "").toLowerCase(Locale.ROOT);
  }

  /** Says how the alerts differ from the expected ones; true when they do not. */
  boolean report(PrintWriter out, boolean settled) {
    Map<String, Integer> difference = new TreeMap<>();
    Map<String, String> titles = new TreeMap<>();
    for (ExpectedAlert expected : scenario.expectedAlerts()) {
      String key = expected.host() + " " + expected.ruleId();
      difference.merge(key, -expected.count(), Integer::sum);
      titles.put(key, expected.title() + " on " + expected.host());
    }
    for (Found alert : found) {
      String key = alert.host() + " " + alert.row().getRuleId();
      difference.merge(key, 1, Integer::sum);
      titles.putIfAbsent(key, alert.row().getTitle() + " on " + alert.host());
    }
    difference.values().removeIf(count -> count == 0);
    out.println();
    difference.forEach(
        (key, count) ->
            out.printf(
                "%s: %d alert(s) %s%n",
                titles.get(key), Math.abs(count), count < 0 ? "missing" : "not expected"));
    boolean equal = difference.isEmpty() && settled;
    out.printf(
        "%d alerts by %d rules: %s%n",
        found.size(),
        found.stream().map(alert -> alert.row().getRuleId()).distinct().count(),
        equal ? "as expected" : settled ? "not as expected" : "not all events were stored in time");
    out.flush();
    return equal;
  }
}

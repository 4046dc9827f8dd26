package dev.tidewatch.benchmarks.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertServiceGrpc.AlertServiceBlockingStub;
import dev.tidewatch.control.v1.GroupAlertsRequest;
import dev.tidewatch.control.v1.ListAlertsRequest;
import dev.tidewatch.control.v1.SummarizeAlertsRequest;
import dev.tidewatch.control.v1.TriageState;
import dev.tidewatch.events.v1.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Searches one after another, over all that the largest tenant has unless their name says less. */
final class SearchRun {
  private final AlertServiceBlockingStub alerts;
  private final Instant end;

  SearchRun(AlertServiceBlockingStub alerts, Instant end) {
    this.alerts = alerts;
    this.end = end;
  }

  ObjectNode measure(int rounds, Consumer<String> progress) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    Latencies all = new Latencies();
    for (Map.Entry<String, IntConsumer> search : searches().entrySet()) {
      Latencies latencies = new Latencies();
      search.getValue().accept(rounds); // not counted: the first finds cold caches
      for (int round = 0; round < rounds; round++) {
        long start = System.nanoTime();
        search.getValue().accept(round);
        latencies.add(System.nanoTime() - start);
      }
      all.addAll(latencies);
      ObjectNode figures = latencies.report();
      report.set(search.getKey(), figures);
      progress.accept(search.getKey() + " " + figures);
    }
    report.set("all", all.report());
    return report;
  }

  private Map<String, IntConsumer> searches() {
    Map<String, IntConsumer> searches = new LinkedHashMap<>();
    searches.put("newest", n -> list(f -> {}));
    searches.put("newest of a day", n -> list(f -> days(f, 1 + n % 60, 1)));
    searches.put("open", n -> list(f -> open(f)));
    searches.put("open of a week", n -> list(f -> open(days(f, n % 60, 7))));
    searches.put("closed", n -> list(f -> f.addStates(TriageState.TRIAGE_STATE_CLOSED)));
    searches.put("of one analyst", n -> list(f -> f.addAssignees("ada")));
    searches.put(
        "high and above",
        n -> list(f -> f.addLevels(Level.LEVEL_HIGH).addLevels(Level.LEVEL_CRITICAL)));
    searches.put("rule", n -> list(f -> f.setRuleId(rule(n * 37 % 800))));
    searches.put("host", n -> list(f -> f.setHost("ws-%05d".formatted(n * 997 % 20_000))));
    searches.put("user", n -> list(f -> f.setUser("user" + n * 331 % 5_000 + "@corp.example")));
    searches.put("technique", n -> list(f -> f.setTechniqueId("T1%03d".formatted(n % 90))));
    searches.put("frequent word", n -> list(f -> f.setText("powershell")));
    searches.put("rare word", n -> list(f -> f.setText("user" + n * 331 % 5_000)));
    searches.put("two words", n -> list(f -> f.setText("encoded lsass")));
    searches.put(
        "name with signs", n -> list(f -> f.setText("ws-%05d".formatted(n * 997 % 20_000))));
    searches.put("word that is nowhere", n -> list(f -> f.setText("nothing" + n)));
    searches.put("part of a word, a week", n -> list(f -> days(f, n % 60, 7).setText("*ertuti*")));
    searches.put("by rule", n -> group(AlertGrouping.ALERT_GROUPING_RULE, f -> {}));
    searches.put("by host", n -> group(AlertGrouping.ALERT_GROUPING_HOST, f -> {}));
    searches.put(
        "by user, a week", n -> group(AlertGrouping.ALERT_GROUPING_USER, f -> days(f, n % 60, 7)));
    searches.put(
        "by technique, a week",
        n -> group(AlertGrouping.ALERT_GROUPING_TECHNIQUE, f -> days(f, n % 60, 7)));
    searches.put("summary of a day", n -> summarize(f -> days(f, 1 + n % 60, 1)));
    searches.put("summary of a week", n -> summarize(f -> days(f, n % 60, 7)));
    searches.put("summary", n -> summarize(f -> {}));
    searches.put("part of a word", n -> list(f -> f.setText("*ertuti*")));
    return searches;
  }

  private static String rule(int n) {
    return "00000000-0000-4000-8000-%012d".formatted(n);
  }

  private static AlertFilter.Builder open(AlertFilter.Builder filter) {
    return filter
        .addStates(TriageState.TRIAGE_STATE_NEW)
        .addStates(TriageState.TRIAGE_STATE_ASSIGNED);
  }

  private AlertFilter.Builder days(AlertFilter.Builder filter, int ago, int days) {
    Instant to = end.minus(Duration.ofDays(ago));
    return filter
        .setFromMs(to.minus(Duration.ofDays(days)).toEpochMilli())
        .setToMs(to.toEpochMilli());
  }

  private static AlertFilter filter(Consumer<AlertFilter.Builder> change) {
    AlertFilter.Builder filter = AlertFilter.newBuilder();
    change.accept(filter);
    return filter.build();
  }

  private void list(Consumer<AlertFilter.Builder> filter) {
    var unused =
        alerts.listAlerts(
            ListAlertsRequest.newBuilder()
                .setTenantId(AlertFill.TENANT)
                .setFilter(filter(filter))
                .build());
  }

  private void group(AlertGrouping by, Consumer<AlertFilter.Builder> filter) {
    var unused =
        alerts.groupAlerts(
            GroupAlertsRequest.newBuilder()
                .setTenantId(AlertFill.TENANT)
                .setFilter(filter(filter))
                .setBy(by)
                .build());
  }

  private void summarize(Consumer<AlertFilter.Builder> filter) {
    var unused =
        alerts.summarizeAlerts(
            SummarizeAlertsRequest.newBuilder()
                .setTenantId(AlertFill.TENANT)
                .setFilter(filter(filter))
                .build());
  }
}

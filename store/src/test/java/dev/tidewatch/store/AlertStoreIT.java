package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.GetAlertResponse;
import dev.tidewatch.control.v1.HistogramBucket;
import dev.tidewatch.control.v1.LevelCount;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.NamedCount;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts through a real ClickHouse; every test is a tenant of its own. */
class AlertStoreIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static final AlertFilter ALL = AlertFilter.getDefaultInstance();
  private static ClickHouseStore store;
  private static AlertQueries alerts;
  private String tenant;

  @BeforeAll
  static void connect() {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    alerts = store.alertQueries();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @BeforeEach
  void nameTenant(TestInfo test) {
    tenant = test.getDisplayName();
  }

  @Test
  void alertComesBackAsItWasWritten() {
    Instant before = Instant.now();
    Alert alert = TestAlerts.alert(tenant, "rule", TestEvents.START, "ws-01").build();
    write(alert);

    GetAlertResponse whole = alerts.get(tenant, alert.getAlertId()).orElseThrow();
    assertThat(whole.getEvidenceList()).isEqualTo(alert.getEvidenceList());
    assertThat(whole.getTagsList()).isEqualTo(alert.getTagsList());
    assertThat(whole.getRuleHash()).isEqualTo(alert.getRuleHash());
    AlertRow row = whole.getAlert();
    assertThat(row.getIngestTimeMs())
        .isBetween(before.toEpochMilli() - 1, Instant.now().toEpochMilli() + 1);
    long millis = TestEvents.START.toEpochMilli();
    assertThat(row.toBuilder().clearIngestTimeMs().build())
        .isEqualTo(
            AlertRow.newBuilder()
                .setAlertId(alert.getAlertId())
                .setRuleId("rule")
                .setRuleVersion(1)
                .setTitle("Title of rule")
                .setLevel(Level.LEVEL_HIGH)
                .setTimeMs(millis)
                .setFirstSeenMs(millis)
                .setLastSeenMs(millis)
                .setCount(1)
                .setReason("CommandLine contains whoami")
                .setHost("ws-01")
                .setUser("ada")
                .addTechniqueIds("T1059.001")
                .addTactics("execution")
                .setLogSource(alert.getLogSource())
                .addAllEntities(alert.getEntitiesList())
                .setStage(Stage.STAGE_LIVE)
                .build());
    assertThat(list(ALL)).containsExactly(row);
  }

  @Test
  void whatShadowRulesRaiseIsShownToThoseWhoAskForIt() {
    write(TestAlerts.alert(tenant, "live", TestEvents.START, "h").build());
    write(
        TestAlerts.alert(tenant, "tried", TestEvents.START, "h")
            .setStage(Stage.STAGE_SHADOW)
            .build());

    assertThat(list(ALL)).extracting(AlertRow::getRuleId).containsExactly("live");
    assertThat(alerts.summarize(tenant, ALL, 10).getTotal()).isEqualTo(1);
    assertThat(list(AlertFilter.newBuilder().setShadow(true).build()))
        .extracting(AlertRow::getRuleId)
        .containsExactly("tried");
  }

  @Test
  void alertWrittenAgainIsShownOnceWithItsHighestCount() {
    Alert first = TestAlerts.alert(tenant, "rule", TestEvents.START, "h").build();
    Alert later =
        first.toBuilder().setCount(5).setLastSeenUs(first.getTimeUs() + 60_000_000).build();
    write(first);
    write(later);
    write(first, first);

    assertThat(list(ALL)).singleElement().satisfies(row -> assertThat(row.getCount()).isEqualTo(5));
    assertThat(alerts.list(tenant, ALL, 10, "").getTotal()).isEqualTo(1);
    assertThat(alerts.summarize(tenant, ALL, 10).getTotal()).isEqualTo(1);
    assertThat(alerts.countsByRule(tenant, Instant.EPOCH)).isEqualTo(Map.of("rule", 1L));
    assertThat(alerts.get(tenant, first.getAlertId()).orElseThrow().getAlert().getCount())
        .isEqualTo(5);
  }

  @Test
  void newerVersionThatLeavesTheFilterTakesTheOlderOneWithIt() {
    Alert first = TestAlerts.alert(tenant, "rule", TestEvents.START, "h").build();
    write(first);
    write(first.toBuilder().setCount(2).setLevel(Level.LEVEL_CRITICAL).build());
    assertThat(list(filter(f -> f.addLevels(Level.LEVEL_HIGH)))).isEmpty();
    assertThat(list(filter(f -> f.addLevels(Level.LEVEL_CRITICAL)))).hasSize(1);
  }

  @Test
  void pagesAreNewestFirstAndHoldStillWhileAlertsArrive() {
    List<Alert> batch = new ArrayList<>(TestAlerts.sequence(tenant, 40));
    for (int i = 0; i < 25; i++) {
      batch.add(TestAlerts.alert(tenant, "same-time-" + i, TestEvents.START, "h").build());
    }
    store.alertWriter().write(batch);
    List<AlertRow> paged = new ArrayList<>();
    String token = "";
    do {
      ListAlertsResponse page = alerts.list(tenant, ALL, 8, token);
      paged.addAll(page.getAlertsList());
      token = page.getNextPageToken();
      write(TestAlerts.alert(tenant, "new" + paged.size(), Instant.now(), "h").build());
    } while (!token.isEmpty());

    assertThat(paged).extracting(AlertRow::getAlertId).doesNotHaveDuplicates().hasSize(65);
    assertThat(paged)
        .extracting(AlertRow::getTimeMs)
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(alerts.list(tenant, ALL, 8, "").getTotal()).isEqualTo(65 + 9);
  }

  @Test
  void filtersNarrow() {
    write(
        TestAlerts.alert(tenant, "r1", TestEvents.START, "alpha").build(),
        TestAlerts.alert(tenant, "r2", TestEvents.START.plusSeconds(10), "beta")
            .setLevel(Level.LEVEL_LOW)
            .clearTechniqueIds()
            .addTechniqueIds("T1003")
            .setRuleTitle("Credential Dumping")
            .addEntities(Entity.newBuilder().setKind("host").setValue("gamma"))
            .build(),
        TestAlerts.alert(tenant, "r3", TestEvents.START.plusSeconds(20), "delta")
            .setLevel(Level.LEVEL_CRITICAL)
            .setReason("Ünïcode reason")
            .clearTechniqueIds()
            .addTechniqueIds("T10591")
            .build());
    long start = TestEvents.START.toEpochMilli();

    assertThat(rules(f -> f.setFromMs(start + 10_000))).containsExactly("r3", "r2");
    assertThat(rules(f -> f.setToMs(start + 10_000))).containsExactly("r1");
    assertThat(rules(f -> f.setFromMs(start + 1).setToMs(start + 20_000))).containsExactly("r2");
    assertThat(rules(f -> f.addLevels(Level.LEVEL_LOW).addLevels(Level.LEVEL_CRITICAL)))
        .containsExactly("r3", "r2");
    assertThat(rules(f -> f.setRuleId("r2"))).containsExactly("r2");
    assertThat(rules(f -> f.setHost("beta"))).containsExactly("r2");
    assertThat(rules(f -> f.setHost("gamma"))).containsExactly("r2");
    assertThat(rules(f -> f.setHost("ada"))).isEmpty();
    assertThat(rules(f -> f.setUser("ada"))).containsExactly("r3", "r2", "r1");
    assertThat(rules(f -> f.setTechniqueId("T1059"))).containsExactly("r1");
    assertThat(rules(f -> f.setTechniqueId("t1059.001"))).containsExactly("r1");
    assertThat(rules(f -> f.setTechniqueId("T1003.001"))).isEmpty();
    assertThat(rules(f -> f.setText("dumping CREDENTIAL"))).containsExactly("r2");
    assertThat(rules(f -> f.setText("üNÏCODE"))).containsExactly("r3");
    assertThat(rules(f -> f.setText("GAMMA"))).containsExactly("r2");
    assertThat(rules(f -> f.setText("GAMM"))).isEmpty();
    assertThat(rules(f -> f.setText("GAM*"))).containsExactly("r2");
    assertThat(rules(f -> f.setText("*AMMA"))).containsExactly("r2");
    assertThat(rules(f -> f.setText("dumping whoareyou"))).isEmpty();
    assertThat(rules(f -> f.setText("%"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR 1=1 --",
        "a'b\"c`d\\e",
        "tab\there\nand\r\nlines",
        "nul\0inside",
        "\\N",
        "\\"
      })
  void hostileTextIsDataInValuesAndFilters(String hostile) {
    write(
        TestAlerts.alert(tenant, hostile, TestEvents.START, hostile)
            .setRuleTitle(hostile)
            .setReason(hostile)
            .addTags(hostile)
            .build(),
        TestAlerts.alert(tenant, "other", TestEvents.START, "other").build());

    assertThat(rules(f -> f.setRuleId(hostile))).containsExactly(hostile);
    assertThat(rules(f -> f.setHost(hostile))).containsExactly(hostile);
    assertThat(rules(f -> f.setUser(hostile))).isEmpty();
    assertThat(rules(f -> f.setTechniqueId(hostile))).isEmpty();
    if (!hostile.isBlank()) {
      assertThat(rules(f -> f.setText(hostile))).containsExactly(hostile);
    }
    assertThat(alerts.summarize(tenant, ALL, 5).getHostsList())
        .extracting(NamedCount::getId)
        .contains(hostile);
  }

  @Test
  void anotherTenantSeesNothing() {
    Alert alert = TestAlerts.alert(tenant, "rule", TestEvents.START, "h").build();
    AlertTail tail = alerts.tail(tenant + "-other", ALL, "");
    write(alert);
    String other = tenant + "-other";
    assertThat(alerts.list(other, ALL, 10, "")).isEqualTo(ListAlertsResponse.getDefaultInstance());
    assertThat(alerts.get(other, alert.getAlertId())).isEmpty();
    assertThat(alerts.summarize(other, ALL, 10))
        .isEqualTo(SummarizeAlertsResponse.getDefaultInstance());
    assertThat(alerts.countsByRule(other, Instant.EPOCH)).isEmpty();
    assertThat(tail.poll(10)).isEmpty();
  }

  @Test
  void summaryCountsByLevelTimeTechniqueRuleAndHost() {
    Instant start = TestEvents.START;
    write(
        TestAlerts.alert(tenant, "r1", start, "a").build(),
        TestAlerts.alert(tenant, "r1", start.plusMillis(999), "b").build(),
        TestAlerts.alert(tenant, "r2", start.plusSeconds(9), "a")
            .setLevel(Level.LEVEL_CRITICAL)
            .addTechniqueIds("T1003")
            .addTechniqueIds("T1003")
            .build());
    long from = start.toEpochMilli();

    SummarizeAlertsResponse summary =
        alerts.summarize(tenant, filter(f -> f.setFromMs(from).setToMs(from + 10_000)), 10);
    assertThat(summary.getTotal()).isEqualTo(3);
    assertThat(summary.getFromMs()).isEqualTo(from);
    assertThat(summary.getToMs()).isEqualTo(from + 10_000);
    assertThat(summary.getLevelsList())
        .containsExactly(level(Level.LEVEL_CRITICAL, 1), level(Level.LEVEL_HIGH, 2));
    assertThat(summary.getHistogramList()).hasSize(10);
    assertThat(summary.getHistogram(0))
        .isEqualTo(
            HistogramBucket.newBuilder()
                .setStartMs(from)
                .setEndMs(from + 1000)
                .addLevels(level(Level.LEVEL_HIGH, 2))
                .build());
    assertThat(summary.getHistogram(5).getLevelsList()).isEmpty();
    assertThat(summary.getHistogram(9).getLevelsList())
        .containsExactly(level(Level.LEVEL_CRITICAL, 1));
    assertThat(summary.getTechniquesList())
        .containsExactly(
            named("T1059.001", "", 3, Level.LEVEL_CRITICAL),
            named("T1003", "", 1, Level.LEVEL_CRITICAL));
    assertThat(summary.getRulesList())
        .containsExactly(
            named("r1", "Title of r1", 2, Level.LEVEL_HIGH),
            named("r2", "Title of r2", 1, Level.LEVEL_CRITICAL));
    assertThat(summary.getHostsList())
        .containsExactly(
            named("a", "a", 2, Level.LEVEL_CRITICAL), named("b", "b", 1, Level.LEVEL_HIGH));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 60, 500})
  void histogramWithoutRangeSpansAllAlerts(int buckets) {
    store.alertWriter().write(TestAlerts.sequence(tenant, 30));
    SummarizeAlertsResponse summary = alerts.summarize(tenant, ALL, buckets);
    assertThat(summary.getFromMs()).isEqualTo(TestEvents.START.toEpochMilli());
    assertThat(summary.getToMs())
        .isEqualTo(TestEvents.START.plusSeconds(29 * 60).toEpochMilli() + 1);
    assertThat(summary.getHistogramCount()).isBetween(1, buckets);
    assertThat(summary.getHistogramList().get(summary.getHistogramCount() - 1).getEndMs())
        .isEqualTo(summary.getToMs());
    assertThat(
            summary.getHistogramList().stream()
                .flatMap(bucket -> bucket.getLevelsList().stream())
                .mapToLong(LevelCount::getCount)
                .sum())
        .isEqualTo(30);
  }

  @Test
  void emptyRangeHasEmptyBuckets() {
    SummarizeAlertsResponse summary =
        alerts.summarize(tenant, filter(f -> f.setFromMs(1000).setToMs(2000)), 4);
    assertThat(summary.getTotal()).isZero();
    assertThat(summary.getHistogramList())
        .extracting(HistogramBucket::getStartMs)
        .containsExactly(1000L, 1250L, 1500L, 1750L);
  }

  @Test
  void countsByRuleBeginAtTheTimeAskedFor() {
    store.alertWriter().write(TestAlerts.sequence(tenant, 10));
    assertThat(alerts.countsByRule(tenant, TestEvents.START.plusSeconds(7 * 60)))
        .isEqualTo(Map.of("rule", 3L));
  }

  @Test
  void filtersOutOfRangeAreRefusedByName() {
    refused("from_ms", f -> f.setFromMs(-1));
    refused("from_ms", f -> f.setFromMs(5).setToMs(5));
    refused("2100", f -> f.setToMs(Long.MAX_VALUE));
    refused("levels", f -> f.addLevelsValue(99));
    refused("rule_id", f -> f.setRuleId("x".repeat(1001)));
    refused("text", f -> f.setText("w ".repeat(11)));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> alerts.summarize(tenant, ALL, 501))
        .withMessageContaining("buckets");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> alerts.get(tenant, "nope"))
        .withMessageContaining("alert_id");
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> alerts.tail(tenant, ALL, "nope"));
  }

  @Test
  void tokensDoNotCrossQueries() {
    store.alertWriter().write(TestAlerts.sequence(tenant, 3));
    String page = alerts.list(tenant, ALL, 1, "").getNextPageToken();
    String cursor = alerts.tail(tenant, ALL, "").cursor();
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> alerts.tail(tenant, ALL, page));
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> alerts.list(tenant, ALL, 1, cursor));
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> alerts.list(tenant, filter(f -> f.setHost("h")), 1, page));
  }

  @Test
  void alertThatIsNoRowIsRejected() {
    Alert alert = TestAlerts.alert(tenant, "rule", TestEvents.START, "h").build();
    assertThatExceptionOfType(StoreRejectedException.class)
        .isThrownBy(() -> write(alert.toBuilder().setAlertId("no uuid").build()))
        .withMessageContaining("row 0");
    assertThatExceptionOfType(StoreRejectedException.class)
        .isThrownBy(() -> write(alert, alert.toBuilder().setLevelValue(77).build()))
        .withMessageContaining("row 1")
        .withMessageContaining("level 77");
    assertThatExceptionOfType(StoreRejectedException.class)
        .isThrownBy(() -> write(alert.toBuilder().setStageValue(9).build()))
        .withMessageContaining("stage 9");
    assertThatExceptionOfType(StoreRejectedException.class)
        .isThrownBy(() -> write(alert.toBuilder().setFirstSeenUs(Long.MIN_VALUE).build()))
        .withMessageContaining("first_seen_us");
    assertThat(list(ALL)).isEmpty();
  }

  @Test
  void tailShowsWhatIsStoredAfterItOpenedInOrder() {
    AlertTail tail = alerts.tail(tenant, ALL, "");
    assertThat(tail.poll(10)).isEmpty();
    // Event times run backwards: the order is that of storing.
    Alert second = TestAlerts.alert(tenant, "r2", TestEvents.START, "h").build();
    Alert first = TestAlerts.alert(tenant, "r1", TestEvents.START.plusSeconds(5), "h").build();
    write(first);
    write(second);
    assertThat(tail.poll(10)).extracting(AlertRow::getRuleId).containsExactly("r1", "r2");
    assertThat(tail.poll(10)).isEmpty();
  }

  @Test
  void tailShowsAnAlertAgainWhenItsCountGrows() {
    AlertTail tail = alerts.tail(tenant, ALL, "");
    Alert alert = TestAlerts.alert(tenant, "rule", TestEvents.START, "h").build();
    write(alert);
    assertThat(tail.poll(10)).hasSize(1);
    write(alert.toBuilder().setCount(2).build());
    assertThat(tail.poll(10))
        .singleElement()
        .satisfies(row -> assertThat(row.getCount()).isEqualTo(2));
    assertThat(tail.poll(10)).isEmpty();
  }

  @Test
  void tailShowsRowsThatBecomeVisibleAfterLaterOnes() {
    AlertTail tail = alerts.tail(tenant, ALL, "");
    Alert late = TestAlerts.alert(tenant, "late", TestEvents.START, "h").build();
    write(TestAlerts.alert(tenant, "quick", TestEvents.START, "h").build());
    assertThat(tail.poll(10)).extracting(AlertRow::getRuleId).containsExactly("quick");
    // A slow insert: stamped before the quick one, committed after it.
    writeStampedInThePast(late, 10);
    assertThat(tail.poll(10)).extracting(AlertRow::getRuleId).containsExactly("late");
    assertThat(tail.poll(10)).isEmpty();
  }

  @Test
  void tailPagesThroughABacklogAndFiltersIt() {
    String cursor = alerts.tail(tenant, filter(f -> f.setHost("even")), "").cursor();
    List<Alert> batch = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      batch.add(
          TestAlerts.alert(
                  tenant, "r" + i, TestEvents.START.plusSeconds(i), i < 100 ? "odd" : "even")
              .build());
    }
    store.alertWriter().write(batch);
    AlertTail tail = alerts.tail(tenant, filter(f -> f.setHost("even")), cursor);
    List<AlertRow> rows = new ArrayList<>();
    List<AlertRow> polled;
    do {
      polled = tail.poll(30);
      rows.addAll(polled);
    } while (!polled.isEmpty());
    assertThat(rows).extracting(AlertRow::getAlertId).doesNotHaveDuplicates().hasSize(100);
    assertThat(rows).allSatisfy(row -> assertThat(row.getHost()).isEqualTo("even"));
  }

  @Test
  void tailContinuesBehindItsCursorWithoutGap() {
    AlertTail tail = alerts.tail(tenant, ALL, "");
    write(TestAlerts.alert(tenant, "before", TestEvents.START, "h").build());
    assertThat(tail.poll(10)).hasSize(1);
    String cursor = tail.cursor();
    write(TestAlerts.alert(tenant, "between", TestEvents.START, "h").build());

    AlertTail next = alerts.tail(tenant, ALL, cursor);
    // The last minute may come again; nothing may be missing.
    assertThat(next.poll(10)).extracting(AlertRow::getRuleId).contains("between");
    assertThat(next.poll(10)).isEmpty();
  }

  @Test
  void newTailDoesNotShowAlertsStoredLongBefore() {
    writeStampedInThePast(TestAlerts.alert(tenant, "old", TestEvents.START, "h").build(), 20);
    writeStampedInThePast(TestAlerts.alert(tenant, "ancient", TestEvents.START, "h").build(), 900);
    assertThat(alerts.tail(tenant, ALL, "").poll(10)).isEmpty();
  }

  /** Writes {@code alert} and moves its stamp, as if its insert had begun {@code seconds} ago. */
  private static void writeStampedInThePast(Alert alert, int seconds) {
    String shadow = "shadow_" + UUID.randomUUID().toString().replace('-', '_');
    ClickHouseEndpoint endpoint = ClickHouseEndpoint.of(CLICKHOUSE.url()).withDatabase(shadow);
    try (ClickHouseStore elsewhere = ClickHouseStore.connect(endpoint);
        Server server =
            new Server(ClickHouseEndpoint.of(CLICKHOUSE.url()), StoreOptions.defaults())) {
      elsewhere.migrate();
      elsewhere.alertWriter().write(List.of(alert));
      server.execute(
          "copy",
          "INSERT INTO alerts SELECT * REPLACE (now64(6, 'UTC') - toIntervalSecond("
              + seconds
              + ") AS ingest_time) FROM "
              + shadow
              + ".alerts",
          new QueryParameters(),
          "tidewatch");
      server.execute("drop", "DROP DATABASE " + shadow, new QueryParameters(), "default");
    }
  }

  private static void write(Alert... batch) {
    store.alertWriter().write(List.of(batch));
  }

  private List<AlertRow> list(AlertFilter filter) {
    return alerts.list(tenant, filter, 1000, "").getAlertsList();
  }

  private List<String> rules(Consumer<AlertFilter.Builder> filter) {
    return list(filter(filter)).stream().map(AlertRow::getRuleId).toList();
  }

  private void refused(String name, Consumer<AlertFilter.Builder> filter) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> list(filter(filter)))
        .withMessageContaining(name);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> alerts.tail(tenant, filter(filter), ""))
        .withMessageContaining(name);
  }

  private static AlertFilter filter(Consumer<AlertFilter.Builder> filter) {
    AlertFilter.Builder builder = AlertFilter.newBuilder();
    filter.accept(builder);
    return builder.build();
  }

  private static LevelCount level(Level level, long count) {
    return LevelCount.newBuilder().setLevel(level).setCount(count).build();
  }

  private static NamedCount named(String id, String name, long count, Level highest) {
    return NamedCount.newBuilder()
        .setId(id)
        .setName(name)
        .setCount(count)
        .setHighest(highest)
        .build();
  }
}

package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.SummarizeAlertsResponse;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.store.AlertTriageWriter.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Answers that are made of kept counts are those that are read from every alert: after alerts grew
 * and came late, were triaged, grew old and were deleted. A filter that names all levels asks for
 * the same alerts, and has no counts.
 */
class CountedDaysIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static final String TENANT = "acme";
  private static final String OTHER = "globex";
  private static final int DAYS = 5;
  private static final List<String> HOSTS = List.of("ws-1", "WS-2", "höst", "", "o'neil");
  private static final List<String> TECHNIQUES = List.of("T1059", "T1059.001", "T1003", "T1105");

  private static final List<AlertGrouping> GROUPINGS =
      List.of(
          AlertGrouping.ALERT_GROUPING_RULE,
          AlertGrouping.ALERT_GROUPING_HOST,
          AlertGrouping.ALERT_GROUPING_USER,
          AlertGrouping.ALERT_GROUPING_TECHNIQUE);

  private final Random random = new Random(5);
  private int turn;
  private final Instant start =
      Instant.now().truncatedTo(ChronoUnit.DAYS).minus(DAYS + 3, ChronoUnit.DAYS);
  private ClickHouseStore store;
  private Server server;
  private AlertQueries alerts;
  private DayCounter counter;

  @BeforeEach
  void connect() {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    server = new Server(ClickHouseEndpoint.of(CLICKHOUSE.url()), StoreOptions.defaults());
    alerts = new AlertQueries(server);
    counter = new DayCounter(server, Duration.ZERO);
  }

  @AfterEach
  void close() {
    server.close();
    store.close();
  }

  @Test
  void whatIsCountedIsWhatIsThere() {
    List<Alert> first = Stream.generate(this::alert).limit(300).toList();
    write(first);
    settle(DAYS);
    count();
    assertThat(counted(TENANT)).isGreaterThanOrEqualTo(DAYS);
    assertThat(counted(OTHER)).isGreaterThanOrEqualTo(DAYS);
    assertCountsAreRight();

    // Delivered again, grown, late: into days that are counted.
    write(first.subList(0, 30));
    write(first.subList(20, 80).stream().map(this::grown).toList());
    write(Stream.generate(this::alert).limit(40).toList());
    assertCountsAreRight();
    settle(3);
    assertThat(counted(TENANT)).isLessThan(DAYS);
    count();
    assertThat(counted(TENANT)).isGreaterThanOrEqualTo(3);
    assertCountsAreRight();

    triage(first.subList(0, 150));
    assertCountsAreRight();

    settle(DAYS);
    count();
    long before = total(TENANT);
    retain(Map.of(TENANT, DAYS + 1));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(total(TENANT)).isLessThan(before).isPositive());
    retain(Map.of());
    assertCountsAreRight();

    settle(DAYS);
    count();
    assertThat(counted(OTHER)).isPositive();
    store.tenantData().delete(TENANT);
    assertThat(rows("alert_counts", TENANT)).isZero();
    assertThat(rows("alert_counted", TENANT)).isZero();
    assertCountsAreRight();
    assertThat(total(TENANT)).isZero();
  }

  @Test
  void countsOfWhatIsNoMoreAreTakenAway() {
    write(Stream.generate(this::alert).limit(60).toList());
    settle(DAYS);
    count();
    long counts = readings();
    write(Stream.generate(this::alert).limit(60).toList());
    settle(DAYS);
    count();
    assertThat(readings()).isGreaterThan(counts);
    counter.sweep();
    assertThat(readings()).isGreaterThan(counts);
    counter.sweep();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(readings()).isEqualTo(settledDays()));
    assertCountsAreRight();
  }

  /** A reading that broke off, and one that was doubled, are there and named by nobody. */
  @Test
  void onlyWholeReadingsAreCountedWith() {
    write(Stream.generate(this::alert).limit(50).toList());
    settle(DAYS);
    count();
    run("TRUNCATE TABLE alert_counted");
    run(
        "ALTER TABLE alert_counts DELETE WHERE kind = 'host' AND name = 'ws-1' SETTINGS mutations_sync = 2");
    assertThat(counted(TENANT)).isZero();
    run(
        "INSERT INTO alert_counts (tenant_id, kind, name, began, part, count_id, shadow, time, title, level, alerts,"
            + " firsts, first_time, last_time) SELECT tenant_id, kind, name, began, part, 1, shadow, time, 'twice',"
            + " level, 2 * alerts, 2 * firsts, first_time, last_time FROM alert_counts");
    counter = new DayCounter(server, Duration.ZERO);
    count();
    assertThat(counted(TENANT)).isPositive();
    assertCountsAreRight();
  }

  /** Every kind of count comes up with every kind of range as the test goes on. */
  private void assertCountsAreRight() {
    assertCountsAreRight(OTHER, AlertFilter.getDefaultInstance());
    for (AlertFilter filter : filters()) {
      assertCountsAreRight(TENANT, filter);
    }
    AlertFilter levels =
        AlertFilter.newBuilder().addLevels(Level.LEVEL_HIGH).addLevels(Level.LEVEL_LOW).build();
    AlertFilter rule = AlertFilter.newBuilder().setRuleId("r" + turn % 4).build();
    for (AlertFilter filter : List.of(levels, rule)) {
      assertThat(list(TENANT, filter).getTotal())
          .as("%s", filter)
          .isEqualTo(summary(TENANT, filter).getTotal());
    }
  }

  private void assertCountsAreRight(String tenant, AlertFilter filter) {
    AlertFilter read = read(filter);
    SummarizeAlertsResponse expected = summary(tenant, read);
    assertThat(summary(tenant, filter)).as("%s", filter).isEqualTo(expected);
    assertThat(list(tenant, filter).getTotal()).as("%s", filter).isEqualTo(expected.getTotal());
    AlertGrouping by = GROUPINGS.get(turn++ % GROUPINGS.size());
    assertThat(alerts.group(tenant, filter, by, 3))
        .as("%s %s", by, filter)
        .isEqualTo(alerts.group(tenant, read, by, 3));
  }

  private List<AlertFilter> filters() {
    long from = start.plusSeconds(random.nextInt(2 * 86_400)).toEpochMilli();
    long to = start.plusSeconds(DAYS * 86_400L - random.nextInt(2 * 86_400)).toEpochMilli() + 7;
    AlertFilter.Builder range = AlertFilter.newBuilder().setFromMs(from).setToMs(to);
    return List.of(
        AlertFilter.getDefaultInstance(),
        range.build(),
        switch (turn / 4 % 3) {
          case 0 -> AlertFilter.newBuilder().setShadow(true).build();
          case 1 -> AlertFilter.newBuilder().setFromMs(from).build();
          default -> AlertFilter.newBuilder().setToMs(to).build();
        });
  }

  /** The same alerts, all of which are read. */
  private static AlertFilter read(AlertFilter filter) {
    AlertFilter.Builder all = filter.toBuilder();
    for (Level level : Level.values()) {
      if (level != Level.UNRECOGNIZED) {
        all.addLevels(level);
      }
    }
    return all.build();
  }

  private SummarizeAlertsResponse summary(String tenant, AlertFilter filter) {
    return alerts.summarize(tenant, filter, 20);
  }

  private ListAlertsResponse list(String tenant, AlertFilter filter) {
    return alerts.list(tenant, filter, 10, "");
  }

  private long total(String tenant) {
    return list(tenant, AlertFilter.getDefaultInstance()).getTotal();
  }

  private Alert alert() {
    int second = random.nextInt(DAYS * 86_400);
    Instant at = start.plusSeconds(second);
    String tenant = random.nextBoolean() ? TENANT : OTHER;
    Alert.Builder alert =
        TestAlerts.alert(tenant, "r" + random.nextInt(4), at, "k" + random.nextInt())
            // No two at the same time, so that there is one last title.
            .setTimeUs(TestEvents.micros(at) + random.nextInt(1_000_000_000))
            .setStage(random.nextInt(5) == 0 ? Stage.STAGE_SHADOW : Stage.STAGE_LIVE);
    return changed(alert).build();
  }

  private Alert grown(Alert alert) {
    return changed(alert.toBuilder().setCount(alert.getCount() + 1))
        .setTimeUs(alert.getTimeUs() + random.nextInt(2_000_000_000))
        .build();
  }

  private Alert.Builder changed(Alert.Builder alert) {
    alert
        .setRuleTitle("Title " + random.nextInt(3))
        .setLevelValue(1 + random.nextInt(5))
        .clearEntities()
        .addEntities(Entity.newBuilder().setKind("host").setValue(any(HOSTS)))
        .addEntities(Entity.newBuilder().setKind("user").setValue("u" + random.nextInt(6)))
        .clearTechniqueIds();
    for (int i = random.nextInt(4); i > 0; i--) {
      alert.addTechniqueIds(any(TECHNIQUES));
    }
    return alert;
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void write(List<Alert> batch) {
    store.alertWriter().write(batch);
  }

  private void triage(List<Alert> some) {
    try (AlertTriageWriter triage = store.alertTriageWriter()) {
      List<Standing> standings = new ArrayList<>();
      for (Alert alert : some) {
        Verdict verdict = random.nextInt(3) == 0 ? Verdict.VERDICT_OPEN : Verdict.VERDICT_BENIGN;
        UUID id = UUID.fromString(alert.getAlertId());
        standings.add(new Standing(alert.getTenantId(), id, verdict, "", 1));
      }
      triage.write(standings);
    }
  }

  private void retain(Map<String, Integer> days) {
    store.tenantData().retain("alerts", new TreeMap<>(days));
  }

  /** Merges the first days, as the server does ten minutes after the last insert. */
  private void settle(int days) {
    for (int day = 0; day < days; day++) {
      String partition =
          DateTimeFormatter.BASIC_ISO_DATE.format(
              start.plus(day, ChronoUnit.DAYS).atOffset(ZoneOffset.UTC).toLocalDate());
      run("OPTIMIZE TABLE alerts PARTITION " + partition + " FINAL");
    }
  }

  private void count() {
    while (counter.countOne()) {
      // A day after another.
    }
  }

  private int counted(String tenant) {
    List<Integer> days = new ArrayList<>();
    // A connection that knows of no days yet.
    try (Server fresh =
        new Server(ClickHouseEndpoint.of(CLICKHOUSE.url()), StoreOptions.defaults())) {
      return fresh
          .counted()
          .read(
              tenant,
              found -> {
                days.add(found.size());
                return days.get(0);
              });
    }
  }

  private long rows(String table, String tenant) {
    return number("SELECT count() FROM " + table + " WHERE tenant_id = '" + tenant + "'");
  }

  private long readings() {
    return number("SELECT uniqExact(count_id) FROM alert_counts");
  }

  private long settledDays() {
    return number("SELECT count() FROM (" + CountedDays.SETTLED_PARTS + ")");
  }

  private long number(String sql) {
    return server.query("count", sql, new QueryParameters(), RowBinaryReader::int64).get(0);
  }

  private void run(String sql) {
    server.execute("test", sql, new QueryParameters(), server.endpoint().database());
  }
}

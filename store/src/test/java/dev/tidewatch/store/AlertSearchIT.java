package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertGroup;
import dev.tidewatch.control.v1.AlertGrouping;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.GroupAlertsResponse;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.control.v1.TriageState;
import dev.tidewatch.control.v1.Verdict;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.store.AlertTriageWriter.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches over triage and text, groups, and pages that hold still, on a real ClickHouse. */
class AlertSearchIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static ClickHouseStore store;
  private static AlertQueries alerts;
  private static Server server;
  private String tenant;

  @BeforeAll
  static void connect() {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    alerts = store.alertQueries();
    server = new Server(ClickHouseEndpoint.of(CLICKHOUSE.url()), StoreOptions.defaults());
  }

  @AfterAll
  static void close() {
    server.close();
    store.close();
  }

  @BeforeEach
  void nameTenant(TestInfo test) {
    tenant = test.getDisplayName();
  }

  // Triage

  @Test
  void everyFilterOfTriageMeansWhatItSays() {
    List<Alert> all = TestAlerts.sequence(tenant, 9);
    store.alertWriter().write(all);
    Map<String, Standing> said = new TreeMap<>();
    Verdict[] verdicts = {
      Verdict.VERDICT_OPEN,
      Verdict.VERDICT_TRUE_POSITIVE,
      Verdict.VERDICT_FALSE_POSITIVE,
      Verdict.VERDICT_BENIGN
    };
    for (int n = 0; n < 8; n++) {
      Standing standing = standing(all.get(n), verdicts[n % 4], n < 4 ? "" : "ada", 1);
      said.put(all.get(n).getAlertId(), standing);
    }
    write(said.values().toArray(Standing[]::new));
    for (int mask = 0; mask < 1 << 9; mask += 1) {
      AlertFilter filter = triageFilter(mask);
      List<String> expected =
          all.stream().map(Alert::getAlertId).filter(id -> matches(filter, said.get(id))).toList();
      if (mask % 7 == 0 || mask < 16) {
        ListAlertsResponse found = alerts.list(tenant, filter, 100, "");
        assertThat(found.getAlertsList())
            .as("%s", filter)
            .extracting(AlertRow::getAlertId)
            .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(found.getTotal()).isEqualTo(expected.size());
        assertThat(alerts.summarize(tenant, filter, 5).getTotal()).isEqualTo(expected.size());
      }
    }
  }

  /** Three states, four verdicts, two assignees: a bit each. */
  private static AlertFilter triageFilter(int mask) {
    AlertFilter.Builder filter = AlertFilter.newBuilder();
    for (int bit = 0; bit < 9; bit++) {
      if ((mask >> bit & 1) == 0) {
        continue;
      }
      if (bit < 3) {
        filter.addStatesValue(bit + 1);
      } else if (bit < 7) {
        filter.addVerdictsValue(bit - 2);
      } else {
        filter.addAssignees(bit == 7 ? "" : "ada");
      }
    }
    return filter.build();
  }

  private static boolean matches(AlertFilter filter, Standing said) {
    Verdict verdict = said == null ? Verdict.VERDICT_OPEN : said.verdict();
    String assignee = said == null ? "" : said.assignee();
    TriageState state =
        verdict != Verdict.VERDICT_OPEN
            ? TriageState.TRIAGE_STATE_CLOSED
            : assignee.isEmpty() ? TriageState.TRIAGE_STATE_NEW : TriageState.TRIAGE_STATE_ASSIGNED;
    return (filter.getStatesCount() == 0 || filter.getStatesList().contains(state))
        && (filter.getVerdictsCount() == 0 || filter.getVerdictsList().contains(verdict))
        && (filter.getAssigneesCount() == 0 || filter.getAssigneesList().contains(assignee));
  }

  @Test
  void theHighestRevisionCountsInWhateverOrderItComes() {
    Alert alert = TestAlerts.sequence(tenant, 1).get(0);
    store.alertWriter().write(List.of(alert));
    write(standing(alert, Verdict.VERDICT_BENIGN, "", 3));
    write(standing(alert, Verdict.VERDICT_OPEN, "", 2));
    assertThat(total(f -> f.addVerdicts(Verdict.VERDICT_BENIGN))).isEqualTo(1);
    write(standing(alert, Verdict.VERDICT_OPEN, "bob", 4));
    assertThat(total(f -> f.addVerdicts(Verdict.VERDICT_BENIGN))).isZero();
    assertThat(total(f -> f.addAssignees("bob"))).isEqualTo(1);
  }

  @Test
  void triageOfAnotherTenantMeansNothingHere() {
    Alert alert = TestAlerts.sequence(tenant, 1).get(0);
    store.alertWriter().write(List.of(alert));
    write(
        new Standing(
            tenant + "-other", UUID.fromString(alert.getAlertId()), Verdict.VERDICT_BENIGN, "", 1));
    assertThat(total(f -> f.addStates(TriageState.TRIAGE_STATE_NEW))).isEqualTo(1);
  }

  @Test
  void filtersOfTriageOutOfRangeAreRefused() {
    for (Consumer<AlertFilter.Builder> wrong :
        List.<Consumer<AlertFilter.Builder>>of(
            f -> f.addStatesValue(77),
            f -> f.addStates(TriageState.TRIAGE_STATE_UNSPECIFIED),
            f -> f.addVerdictsValue(77),
            f -> f.addVerdicts(Verdict.VERDICT_UNSPECIFIED),
            f -> f.addAllAssignees(IntStream.range(0, 21).mapToObj(i -> "u" + i).toList()))) {
      assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> total(wrong));
    }
  }

  private static Standing standing(Alert alert, Verdict verdict, String assignee, long revision) {
    return new Standing(
        alert.getTenantId(), UUID.fromString(alert.getAlertId()), verdict, assignee, revision);
  }

  private static void write(Standing... standings) {
    try (AlertTriageWriter writer = store.alertTriageWriter()) {
      writer.write(List.of(standings));
    }
  }

  // Groups

  @Test
  void groupsCountWhatTheFilterMatches() {
    List<Alert> written = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      written.add(
          TestAlerts.alert(
                  tenant, "r" + n % 3, TestEvents.START.plus(Duration.ofHours(n)), "h" + n % 2)
              .setLevel(n == 4 ? Level.LEVEL_CRITICAL : Level.LEVEL_LOW)
              .clearTechniqueIds()
              .addAllTechniqueIds(n % 2 == 0 ? List.of("T1003", "T1059.001") : List.of())
              .build());
    }
    store.alertWriter().write(written);
    write(standing(written.get(0), Verdict.VERDICT_BENIGN, "", 1));

    GroupAlertsResponse rules = group(AlertGrouping.ALERT_GROUPING_RULE, 2, f -> {});
    assertThat(rules.getTotal()).isEqualTo(10);
    assertThat(rules.getTotalGroups()).isEqualTo(3);
    assertThat(rules.getGroupsList())
        .containsExactly(
            AlertGroup.newBuilder()
                .setId("r0")
                .setName("Title of r0")
                .setCount(4)
                .setOpen(3)
                .setHighest(Level.LEVEL_LOW)
                .setFirstSeenMs(TestEvents.START.toEpochMilli())
                .setLastSeenMs(TestEvents.START.plus(Duration.ofHours(9)).toEpochMilli())
                .build(),
            AlertGroup.newBuilder()
                .setId("r1")
                .setName("Title of r1")
                .setCount(3)
                .setOpen(3)
                .setHighest(Level.LEVEL_CRITICAL)
                .setFirstSeenMs(TestEvents.START.plus(Duration.ofHours(1)).toEpochMilli())
                .setLastSeenMs(TestEvents.START.plus(Duration.ofHours(7)).toEpochMilli())
                .build());
    GroupAlertsResponse techniques = group(AlertGrouping.ALERT_GROUPING_TECHNIQUE, 0, f -> {});
    assertThat(techniques.getTotal()).isEqualTo(10);
    assertThat(techniques.getGroupsList())
        .extracting(AlertGroup::getId, AlertGroup::getCount)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("", 5L),
            org.assertj.core.groups.Tuple.tuple("T1003", 5L),
            org.assertj.core.groups.Tuple.tuple("T1059.001", 5L));
    GroupAlertsResponse hosts =
        group(
            AlertGrouping.ALERT_GROUPING_HOST,
            0,
            f -> f.setTechniqueId("T1003").addStates(TriageState.TRIAGE_STATE_NEW));
    assertThat(hosts.getGroupsList())
        .extracting(AlertGroup::getId, AlertGroup::getCount, AlertGroup::getOpen)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("h0", 4L, 4L));
    assertThat(group(AlertGrouping.ALERT_GROUPING_USER, 0, f -> f.setHost("nowhere")))
        .isEqualTo(GroupAlertsResponse.getDefaultInstance());
    eachGroupListsWhatItCounts();
  }

  private void eachGroupListsWhatItCounts() {
    for (AlertGrouping by :
        List.of(
            AlertGrouping.ALERT_GROUPING_RULE,
            AlertGrouping.ALERT_GROUPING_HOST,
            AlertGrouping.ALERT_GROUPING_USER,
            AlertGrouping.ALERT_GROUPING_TECHNIQUE)) {
      GroupAlertsResponse all = group(by, 0, f -> {});
      assertThat(all.getGroupsList()).isNotEmpty();
      for (AlertGroup each : all.getGroupsList()) {
        AlertFilter members = filter(f -> f.getInGroupBuilder().setBy(by).setId(each.getId()));
        assertThat(alerts.list(tenant, members, 0, "").getTotal()).isEqualTo(each.getCount());
      }
    }
    AlertFilter ofNoKind = filter(f -> f.getInGroupBuilder());
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> alerts.list(tenant, ofNoKind, 0, ""))
        .withMessageContaining("ALERT_GROUPING_RULE");
  }

  private GroupAlertsResponse group(
      AlertGrouping by, int top, Consumer<AlertFilter.Builder> filter) {
    return alerts.group(tenant, filter(filter), by, top);
  }

  // Text

  /** The index of the store and the plain reading of {@link SearchWord} say the same. */
  @Test
  void wordsAreFoundAsTheyAreRead() {
    Random random = new Random(7);
    List<Alert> written = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      written.add(
          TestAlerts.alert(tenant, "r" + n, TestEvents.START.plusSeconds(n), "h")
              .setRuleTitle(text(random, 6))
              .setReason(text(random, 9))
              .build());
    }
    store.alertWriter().write(written);
    int matched = 0;
    for (int n = 0; n < 150; n++) {
      String word = text(random, 1 + random.nextInt(3)).strip();
      if (word.isEmpty() || word.matches(".*\\s.*")) {
        continue;
      }
      List<String> expected =
          written.stream()
              .filter(alert -> SearchWord.of(word).isIn(searched(alert)))
              .map(Alert::getAlertId)
              .toList();
      assertThat(alerts.list(tenant, filter(f -> f.setText(word)), 1000, "").getAlertsList())
          .as("word <%s>", word)
          .extracting(AlertRow::getAlertId)
          .containsExactlyInAnyOrderElementsOf(expected);
      matched += expected.isEmpty() ? 0 : 1;
    }
    assertThat(matched).isGreaterThan(20);
  }

  private static final List<String> PIECES =
      List.of(
          "a",
          "B",
          "1",
          "ab",
          "Ab1",
          "ä",
          "Ö",
          "-",
          ".",
          "\\",
          "'",
          "%",
          "_",
          "*",
          " ",
          " ",
          "\u4f60",
          "C:\\Users",
          "ab-1",
          "\"",
          "@",
          ":",
          "=",
          "a.1");

  private static String text(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static String searched(Alert alert) {
    return (alert.getRuleTitle() + "\n" + alert.getReason() + "\nh\nada").toLowerCase(Locale.ROOT);
  }

  @Test
  void onlyTheNewestVersionOfAnAlertIsSearched() {
    Alert first = TestAlerts.sequence(tenant, 1).get(0).toBuilder().setReason("before").build();
    store.alertWriter().write(List.of(first));
    store.alertWriter().write(List.of(first.toBuilder().setReason("after").setCount(2).build()));
    assertThat(total(f -> f.setText("before"))).isZero();
    assertThat(total(f -> f.setText("befor*"))).isZero();
    assertThat(total(f -> f.setText("after"))).isEqualTo(1);
    assertThat(total(f -> {})).isEqualTo(1);
  }

  // Pages and places

  /** Few alerts are sorted at once, many day by day. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000})
  void pagesOverManyDaysHoldStillWhileAlertsArrive(long few) {
    AlertQueries alerts = new AlertQueries(server, few);
    List<Alert> written =
        IntStream.range(0, 300)
            .mapToObj(
                n ->
                    TestAlerts.alert(
                            tenant, "r", TestEvents.START.plus(Duration.ofHours(5L * n)), "h" + n)
                        // Episodes that began days before.
                        .setFirstSeenUs(
                            TestEvents.micros(TestEvents.START.plus(Duration.ofHours(n))))
                        .build())
            .toList();
    store.alertWriter().write(written);
    List<String> seen = new ArrayList<>();
    String token = "";
    int arrived = 0;
    do {
      ListAlertsResponse page = alerts.list(tenant, filter(f -> f.setText("whoami")), 37, token);
      assertThat(page.getTotal()).isEqualTo(300 + arrived);
      page.getAlertsList().forEach(row -> seen.add(row.getAlertId()));
      token = page.getNextPageToken();
      arrived++;
      store
          .alertWriter()
          .write(
              List.of(
                  TestAlerts.alert(
                          tenant, "new" + arrived, TestEvents.START.plus(Duration.ofDays(90)), "n")
                      .build()));
    } while (!token.isEmpty());
    List<String> newestFirst = new ArrayList<>(written.stream().map(Alert::getAlertId).toList());
    java.util.Collections.reverse(newestFirst);
    assertThat(seen).isEqualTo(newestFirst);
  }

  @Test
  void manyAlertsAreFoundByTheirIds() {
    List<Alert> written = TestAlerts.sequence(tenant, 450);
    store.alertWriter().write(written);
    List<UUID> ids =
        new ArrayList<>(written.stream().map(a -> UUID.fromString(a.getAlertId())).toList());
    ids.add(new UUID(1, 2));
    assertThat(alerts.raisedBy(tenant, ids))
        .hasSize(450)
        .doesNotContainKey(new UUID(1, 2))
        .containsEntry(ids.get(0), new AlertQueries.RaisedBy("rule", 1));
    assertThat(alerts.raisedBy(tenant + "-other", ids)).isEmpty();
  }

  private long total(Consumer<AlertFilter.Builder> filter) {
    return alerts.list(tenant, filter(filter), 10, "").getTotal();
  }

  private static AlertFilter filter(Consumer<AlertFilter.Builder> change) {
    AlertFilter.Builder builder = AlertFilter.newBuilder();
    change.accept(builder);
    return builder.build();
  }
}

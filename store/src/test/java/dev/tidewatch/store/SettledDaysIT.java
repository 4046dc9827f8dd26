package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.v1.AlertFilter;
import dev.tidewatch.control.v1.AlertRow;
import dev.tidewatch.control.v1.ListAlertsResponse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Searches that the index over words may shorten find what a plain look at every alert finds: in
 * days that are settled, in days that are written to, and in days that are written to again.
 */
class SettledDaysIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static final String TENANT = "acme";
  private static final int DAYS = 6;
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final List<String> HOSTS =
      List.of("ws-1", "WS-2", "srv.corp.example", "a b", "höst", "-x-", "Q:", "dc@1");
  private static final List<String> USERS =
      List.of("CORP\\ada", "ada@corp.example", "SYSTEM", "NT AUTHORITY\\SYSTEM", "", "o'neil");
  private static final List<String> WORDS =
      List.of("mimikatz", "powershell.exe", "lsass", "10.1.2.3", "curl");

  private final Random random = new Random(23);
  private final Map<String, Alert> newest = new HashMap<>();
  private ClickHouseStore store;
  private Server server;

  @BeforeEach
  void connect() {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    server = new Server(ClickHouseEndpoint.of(CLICKHOUSE.url()), StoreOptions.defaults());
  }

  @AfterEach
  void close() {
    server.close();
    store.close();
  }

  @Test
  void whatIsFoundIsWhatIsThere() {
    List<Alert> first = Stream.generate(this::alert).limit(400).toList();
    write(first);
    settle(DAYS - 1);
    assertThat(server.settled().days()).hasSizeGreaterThanOrEqualTo(DAYS - 1);
    assertFound();

    // The same again, grown ones that say something else, and late ones, into settled days too.
    write(first.subList(0, 60));
    write(first.subList(40, 140).stream().map(this::grown).toList());
    write(Stream.generate(this::alert).limit(60).toList());
    forgetSettled();
    assertFound();

    settle(3);
    assertThat(server.settled().days()).hasSizeGreaterThanOrEqualTo(3);
    assertFound();
  }

  private void assertFound() {
    List<AlertFilter> filters = new ArrayList<>(List.of(AlertFilter.getDefaultInstance()));
    HOSTS.forEach(host -> filters.add(AlertFilter.newBuilder().setHost(host).build()));
    USERS.forEach(user -> filters.add(AlertFilter.newBuilder().setUser(user).build()));
    WORDS.forEach(word -> filters.add(AlertFilter.newBuilder().setText(word).build()));
    for (int i = 0; i < 4; i++) {
      Instant from = START.plus(Duration.ofHours(random.nextInt(100)));
      filters.add(
          AlertFilter.newBuilder()
              .setHost(any(HOSTS))
              .setText(any(WORDS))
              .setFromMs(from.toEpochMilli())
              .setToMs(from.plus(Duration.ofHours(40)).toEpochMilli())
              .build());
    }
    for (AlertFilter filter : filters) {
      List<String> expected =
          newest.values().stream()
              .filter(alert -> matches(filter, alert))
              .sorted(
                  Comparator.comparingLong(Alert::getTimeUs)
                      .thenComparing(Alert::getAlertId)
                      .reversed())
              .map(SettledDaysIT::shown)
              .toList();
      long few = random.nextBoolean() ? 0 : 1_000_000;
      assertThat(found(filter, few, expected.size())).as("%s", filter).isEqualTo(expected);
    }
  }

  /** All pages. */
  private List<String> found(AlertFilter filter, long few, int total) {
    AlertQueries alerts = new AlertQueries(server, few);
    List<String> found = new ArrayList<>();
    String token = "";
    do {
      ListAlertsResponse page = alerts.list(TENANT, filter, 300, token);
      assertThat(page.getTotal()).as("%s", filter).isEqualTo(total);
      page.getAlertsList().forEach(row -> found.add(shown(row)));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return found;
  }

  private static String shown(Alert alert) {
    return alert.getAlertId() + " " + alert.getCount() + " " + alert.getReason();
  }

  private static String shown(AlertRow row) {
    return row.getAlertId() + " " + row.getCount() + " " + row.getReason();
  }

  private static boolean matches(AlertFilter filter, Alert alert) {
    long timeMs = alert.getTimeUs() / 1000;
    String text =
        Stream.concat(
                Stream.of(alert.getRuleTitle(), alert.getReason()),
                alert.getEntitiesList().stream().map(Entity::getValue))
            .collect(Collectors.joining("\n"))
            .toLowerCase(Locale.ROOT);
    return timeMs >= filter.getFromMs()
        && (filter.getToMs() == 0 || timeMs < filter.getToMs())
        && (filter.getHost().isEmpty() || has(alert, "host", filter.getHost()))
        && (filter.getUser().isEmpty() || has(alert, "user", filter.getUser()))
        && (filter.getText().isEmpty() || SearchWord.of(filter.getText()).isIn(text));
  }

  private static boolean has(Alert alert, String kind, String value) {
    return alert.getEntitiesList().stream()
        .anyMatch(entity -> entity.getKind().equals(kind) && entity.getValue().equals(value));
  }

  private Alert alert() {
    Instant at = START.plus(Duration.ofSeconds(random.nextInt(DAYS * 86_400 - 20_000)));
    Alert.Builder alert =
        TestAlerts.alert(TENANT, "r" + random.nextInt(20), at, "k" + random.nextInt())
            .setReason("saw " + any(WORDS) + " and " + any(WORDS))
            .clearEntities();
    int entities = 1 + random.nextInt(3);
    for (int i = 0; i < entities; i++) {
      alert.addEntities(Entity.newBuilder().setKind("host").setValue(any(HOSTS)));
      alert.addEntities(Entity.newBuilder().setKind("user").setValue(any(USERS)));
    }
    return alert.build();
  }

  private Alert grown(Alert alert) {
    return alert.toBuilder()
        .setCount(alert.getCount() + 1)
        .setReason("saw " + any(WORDS) + " again")
        .setTimeUs(alert.getTimeUs() + random.nextInt(1_000_000_000))
        .build();
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void write(List<Alert> alerts) {
    store.alertWriter().write(alerts);
    for (Alert alert : alerts) {
      newest.merge(alert.getAlertId(), alert, (a, b) -> a.getCount() > b.getCount() ? a : b);
    }
  }

  /** Merges the first days, as the server does ten minutes after the last insert. */
  private void settle(int days) {
    for (int day = 0; day < days; day++) {
      server.execute(
          "merge a day",
          "OPTIMIZE TABLE alerts PARTITION " + (20260302 + day) + " FINAL",
          new QueryParameters(),
          server.endpoint().database());
    }
    forgetSettled();
  }

  /** A connection that knows of no settled days yet. */
  private void forgetSettled() {
    server.close();
    server = new Server(ClickHouseEndpoint.of(CLICKHOUSE.url()), StoreOptions.defaults());
  }
}

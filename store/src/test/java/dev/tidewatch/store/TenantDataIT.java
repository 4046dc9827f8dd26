package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.embedded.junit.ClickHouseExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TenantDataIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private ClickHouseStore store;

  @BeforeEach
  void connect() {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void rowsGoWhenTheirTenantKeepsThemNoLonger() {
    Instant now = Instant.now();
    for (String tenant : List.of("keeps-7", "keeps-60", "keeps-all")) {
      store
          .eventWriter()
          .write(
              List.of(
                  TestEvents.event(tenant, now.minus(30, ChronoUnit.DAYS), "h"),
                  TestEvents.event(tenant, now.minus(90, ChronoUnit.DAYS), "h"),
                  TestEvents.event(tenant, now, "h")));
    }
    store.tenantData().retain("events", new TreeMap<>(Map.of("keeps-7", 7, "keeps-60", 60)));
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(events("keeps-7")).isEqualTo(1);
              assertThat(events("keeps-60")).isEqualTo(2);
            });
    assertThat(events("keeps-all")).isEqualTo(3);

    store.tenantData().retain("events", new TreeMap<>());
    store
        .eventWriter()
        .write(List.of(TestEvents.event("keeps-7", now.minus(30, ChronoUnit.DAYS), "h")));
    assertThat(events("keeps-7")).isEqualTo(2);
  }

  @Test
  void aDeletedTenantLeavesNothingAndOthersAsTheyWere() {
    for (String tenant : List.of("leaves", "stays")) {
      store.eventWriter().write(TestEvents.sequence(tenant, 12));
      store.alertWriter().write(TestAlerts.sequence(tenant, 5));
    }
    Map<String, Long> gone = store.tenantData().delete("leaves");
    assertThat(gone)
        .containsEntry("events", 12L)
        .containsEntry("alerts", 5L)
        .containsKey("dead_letters");
    assertThat(events("leaves")).isZero();
    assertThat(store.tenantData().delete("leaves").values()).allMatch(count -> count == 0);
    assertThat(events("stays")).isEqualTo(12);
  }

  @Test
  void onlyATenantIdGetsIntoAStatement() {
    for (String hostile : List.of("", "a' OR 1=1 --", "a b", "ä", "-a")) {
      assertThatThrownBy(() -> store.tenantData().delete(hostile))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> store.tenantData().retain("events", new TreeMap<>(Map.of("a", 0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private int events(String tenant) {
    return store
        .eventQueries()
        .list(tenant, new EventFilter(0, 0, "", 0), 1000, "")
        .getEventsCount();
  }
}

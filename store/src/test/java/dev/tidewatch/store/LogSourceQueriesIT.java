package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidewatch.control.v1.SeenLogSource;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LogSourceQueriesIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  @Test
  void aTenantsLogSourcesAreCountedByWhenTheyWereStored() {
    try (ClickHouseStore store =
        ClickHouseStore.connect(
            ClickHouseEndpoint.of(CLICKHOUSE.url()).withDatabase("log_sources"))) {
      store.migrate();
      store.eventWriter().write(TestEvents.sequence("t1", 40));
      store.eventWriter().write(TestEvents.sequence("t2", 3));
      LogSourceQueries sources = store.logSourceQueries();

      List<SeenLogSource> seen = sources.seen("t1", Duration.ofHours(1));
      assertThat(seen.stream().mapToLong(SeenLogSource::getEvents).sum()).isEqualTo(40);
      assertThat(seen).isSortedAccordingTo((a, b) -> Long.compare(b.getEvents(), a.getEvents()));
      assertThat(seen)
          .allSatisfy(
              each -> {
                assertThat(each.getLogSource().getProduct()).isNotEmpty();
                assertThat(each.getNewestIngestMs()).isEqualTo(each.getNewestMs() + 1000);
              });
      assertThat(sources.seen("nobody", Duration.ofHours(1))).isEmpty();
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> sources.seen("", Duration.ofHours(1)));
    }
  }
}

package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.v1.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every test is a database of its own, because these queries look over all tenants. */
class PipelineQueriesIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private ClickHouseStore store;
  private PipelineQueries pipeline;

  @BeforeEach
  void connect(TestInfo test) {
    store =
        ClickHouseStore.connect(
            ClickHouseEndpoint.of(CLICKHOUSE.url())
                .withDatabase(test.getTestMethod().orElseThrow().getName()));
    store.migrate();
    pipeline = store.pipelineQueries();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void emptyStoreCountsNothing() {
    assertThat(pipeline.counts(MINUTE, MINUTE))
        .isEqualTo(new PipelineCounts(0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(pipeline.recentDeadLetters(10)).isEmpty();
  }

  @Test
  void totalsCountOnceAndRatesLookBack() {
    Instant before = Instant.now();
    List<StoredEvent> events = TestEvents.sequence("t1", 120);
    store.eventWriter().write(events);
    store.eventWriter().write(events.subList(0, 60));
    store.eventWriter().write(TestEvents.sequence("t2", 30));
    store.alertWriter().write(TestAlerts.sequence("t1", 6));
    store.deadLetterWriter().write(List.of(letter(0, 1), letter(0, 2), letter(0, 1)));

    PipelineCounts counts = pipeline.counts(MINUTE, Duration.ofMillis(1500));
    assertThat(counts.events()).isEqualTo(150);
    assertThat(counts.alerts()).isEqualTo(6);
    assertThat(counts.deadLetters()).isEqualTo(2);
    assertThat(counts.eventsPerSecond()).isEqualTo((120 + 60 + 30) / 60.0, within(1e-9));
    assertThat(counts.alertsPerSecond()).isEqualTo(0.1, within(1e-9));
    assertThat(counts.newestIngestMillis())
        .isEqualTo(TestEvents.START.plusSeconds(119 + 1).toEpochMilli());
    assertThat(counts.newestStoredMillis())
        .isBetween(before.toEpochMilli() - 1, Instant.now().toEpochMilli() + 1);
    // Test events enter one second after their own time.
    assertThat(counts.lateEvents()).isZero();
    assertThat(pipeline.counts(MINUTE, Duration.ofMillis(900)).lateEvents()).isEqualTo(210);
  }

  @Test
  void deadLettersAreNewestFirstAndOnce() {
    store.deadLetterWriter().write(List.of(letter(0, 1), letter(1, 7)));
    store.deadLetterWriter().write(List.of(letter(0, 1), letter(0, 3)));
    assertThat(pipeline.recentDeadLetters(10))
        .extracting(PipelineHealth.DeadLetterRow::getOffset)
        .containsExactly(7L, 3L, 1L);
    assertThat(pipeline.recentDeadLetters(1))
        .containsExactly(
            PipelineHealth.DeadLetterRow.newBuilder()
                .setTimeMs(TestEvents.START.plusSeconds(7).toEpochMilli())
                .setCode("TW-E4001")
                .setReason("no JSON: 'x'\n")
                .setPartition(1)
                .setOffset(7)
                .setTenantId("default")
                .build());
  }

  @Test
  void whoSendsLateIsCountedByLogSource() {
    assertThat(pipeline.lateBySource(MINUTE, MINUTE)).isEmpty();
    store.eventWriter().write(TestEvents.sequence("t1", 40));
    store.eventWriter().write(TestEvents.sequence("t2", 2));
    // Test events enter one second after their own time.
    assertThat(pipeline.lateBySource(MINUTE, Duration.ofMillis(1500))).isEmpty();
    List<PipelineHealth.LateSource> late = pipeline.lateBySource(MINUTE, Duration.ofMillis(900));
    assertThat(late).isNotEmpty().allMatch(each -> each.getLateEvents() == each.getEvents());
    assertThat(late).extracting(each -> each.getLogSource().getProduct()).doesNotContain("");
    assertThat(late.stream().mapToLong(PipelineHealth.LateSource::getLateEvents).sum())
        .isEqualTo(42);
  }

  @Test
  void limitsAreChecked() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> pipeline.recentDeadLetters(0))
        .withMessageContaining("limit");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> pipeline.counts(Duration.ZERO, MINUTE))
        .withMessageContaining("window");
  }

  private static DeadLetter letter(int partition, long offset) {
    return DeadLetter.newBuilder()
        .setCode("TW-E4001")
        .setReason("no JSON: 'x'\n")
        .setTopic("telemetry")
        .setPartition(partition)
        .setOffset(offset)
        .setTimeUs(TestEvents.micros(TestEvents.START.plusSeconds(offset)))
        .setTenantId("default")
        .setRecord(ByteString.copyFrom(new byte[] {0, (byte) 0xff, '\''}))
        .setRecordKey(ByteString.copyFromUtf8("default\0h"))
        .build();
  }
}

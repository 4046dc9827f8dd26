package dev.tidewatch.jobs.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoreSinkWriterTest {
  private static final SinkWriter.Context CONTEXT =
      new SinkWriter.Context() {
        @Override
        public long currentWatermark() {
          return 0;
        }

        @Override
        public Long timestamp() {
          return 0L;
        }
      };
  private static final Supplier<RuntimeException> AWAY =
      () -> new StoreUnavailableException("connection refused", 0, null);

  private final FakeTable table = new FakeTable();
  private final FakeRefusedRows refused = new FakeRefusedRows();
  private final StoreSinkWriter<String> writer =
      new StoreSinkWriter<>(
          table,
          new Batching(
              64, 1 << 20, Duration.ofMillis(5), 2, Duration.ofMillis(1), Duration.ofMillis(2)),
          refused,
          new UnregisteredMetricsGroup(),
          0);

  @AfterEach
  void close() throws Exception {
    writer.close();
  }

  private void write(List<String> rows) throws Exception {
    for (String row : rows) {
      writer.write(row, CONTEXT);
    }
    writer.flush(false);
  }

  private static List<String> rows(int count) {
    return IntStream.range(0, count).mapToObj(i -> "row" + i).toList();
  }

  @Test
  void whatWasWrittenIsStoredInOrderWhenFlushReturns() throws Exception {
    write(rows(1_000));

    assertThat(table.stored).isEqualTo(rows(1_000));
    assertThat(table.batches).allMatch(size -> size <= 64);
    assertThat(table.opened).isEqualTo(1);
  }

  @Test
  void rowsAreStoredWithoutFlushWhenTheyAreOldEnough() throws Exception {
    writer.write("alone", CONTEXT);

    org.awaitility.Awaitility.await().until(() -> table.stored.contains("alone"));
  }

  @Test
  void anUnavailableStoreIsAskedAgainUntilItAnswers() throws Exception {
    table.failures.addAll(List.of(AWAY, AWAY, AWAY, AWAY, AWAY));

    write(rows(10));

    assertThat(table.stored).isEqualTo(rows(10));
    assertThat(refused.letters).isEmpty();
  }

  @Test
  void onlyTheRowsThatAreRefusedAreKeptAside() throws Exception {
    Set<String> poison = Set.of("row0", "row33", "row63");
    table.refuses = poison::contains;

    write(rows(64));

    assertThat(table.stored)
        .containsExactlyElementsOf(rows(64).stream().filter(r -> !poison.contains(r)).toList());
    assertThat(refused.letters)
        .extracting(DeadLetter::getCode)
        .containsExactlyElementsOf(List.of("row0", "row33", "row63"));
    assertThat(refused.letters).extracting(DeadLetter::getReason).containsOnly("cannot parse");
  }

  @Test
  void refusedWhileAnOutageIsGoingOnLosesNothing() throws Exception {
    table.refuses = "row3"::equals;
    table.failures.addAll(List.of(AWAY, AWAY));

    write(rows(8));

    assertThat(table.stored).hasSize(7).doesNotContain("row3");
    assertThat(refused.letters).hasSize(1);
  }

  @Test
  void anErrorOfAnUnknownKindIsTriedAgainFirst() throws Exception {
    table.failures.addAll(List.of(() -> new IllegalStateException("?"), AWAY));

    write(rows(3));

    assertThat(table.stored).isEqualTo(rows(3));
  }

  @Test
  void anErrorOfTheMachineFailsTheSink() throws Exception {
    table.refuses =
        row -> {
          throw new OutOfMemoryError("heap");
        };

    assertThatThrownBy(() -> write(rows(1)))
        .isInstanceOf(IOException.class)
        .hasRootCauseMessage("heap");
  }

  @Test
  void closingDuringAnOutageDoesNotWaitForItsEnd() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicBoolean away = new AtomicBoolean(true);
    table.refuses =
        row -> {
          asked.countDown();
          if (away.get()) {
            throw AWAY.get();
          }
          return false;
        };
    writer.write("a", CONTEXT);
    asked.await();

    writer.close();

    assertThat(table.stored).isEmpty();
    assertThat(refused.closed).isTrue();
    assertThat(table.closed).isEqualTo(1);
  }
}

package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.v1.ListEventsResponse;
import dev.tidewatch.embedded.ClickHouseOptions;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.SmallDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that is stopped, killed, hung, misconfigured or short of memory. */
@Timeout(120)
class StoreFaultsIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private ClickHouseStore store;
  private String tenant;

  @BeforeEach
  void connect(TestInfo test) {
    CLICKHOUSE.clickHouse().start();
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    tenant = test.getDisplayName();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void stoppedServerIsUnavailableQuicklyAndComesBack() {
    List<StoredEvent> batch = TestEvents.sequence(tenant, 10);
    EventWriter writer = store.eventWriter();
    writer.write(batch.subList(0, 5));
    CLICKHOUSE.clickHouse().stop();

    long start = System.nanoTime();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> writer.write(batch.subList(5, 10)))
        .withMessageContaining("events");
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> store.eventQueries().list(tenant, EventFilter.ALL, 10, ""));
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.ping());
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.migrate());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));

    CLICKHOUSE.clickHouse().start();
    retry(() -> writer.write(batch.subList(5, 10)));
    assertThat(stored()).isEqualTo(10);
    assertThat(store.ping()).isPositive();
  }

  @Test
  void everyAcknowledgedBatchSurvivesKill() {
    List<StoredEvent> events = TestEvents.sequence(tenant, 300);
    EventWriter writer = store.eventWriter();
    for (int batch = 0; batch < 3; batch++) {
      List<StoredEvent> rows = events.subList(batch * 100, batch * 100 + 100);
      retry(() -> writer.write(rows));
      CLICKHOUSE.clickHouse().kill();
      CLICKHOUSE.clickHouse().start();
    }
    retry(() -> store.ping());
    assertThat(stored()).isEqualTo(300);
    assertThat(store.migrate().applied()).isEmpty();
  }

  @Test
  void killDuringAWriteLosesNothingThatIsRetried() throws Exception {
    List<StoredEvent> events = TestEvents.sequence(tenant, 3000);
    EventWriter writer = store.eventWriter();
    Thread killer =
        new Thread(
            () -> {
              CLICKHOUSE.clickHouse().kill();
              CLICKHOUSE.clickHouse().start();
            });
    for (int from = 0; from < events.size(); from += 100) {
      if (from == 1000) {
        killer.start();
      }
      List<StoredEvent> rows = events.subList(from, from + 100);
      retry(() -> writer.write(rows));
    }
    killer.join();
    assertThat(stored()).isEqualTo(3000);
  }

  @Test
  void fullDiskIsUnavailableUntilThereIsSpace() {
    Optional<SmallDisk> mounted = SmallDisk.tryMount(96);
    assumeTrue(mounted.isPresent(), "not permitted to mount a tmpfs");
    try (SmallDisk disk = mounted.get();
        EmbeddedClickHouse server = EmbeddedClickHouse.start(disk.directory(), 0);
        ClickHouseStore full = ClickHouseStore.connect(ClickHouseEndpoint.of(server.url()))) {
      full.migrate();
      EventWriter writer = full.eventWriter();
      List<StoredEvent> first = noise(0, 2);
      List<StoredEvent> second = noise(2, 4);
      writer.write(first);
      disk.fill();
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> writer.write(second));
      assertThat(stored(full)).isEqualTo(2);
      disk.free();
      retry(() -> writer.write(second));
      assertThat(stored(full)).isEqualTo(6);
    }
  }

  @Test
  void serverThatNeverAnswersIsUnavailableAfterTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ClickHouseStore hung =
            ClickHouseStore.connect(
                ClickHouseEndpoint.of("http://127.0.0.1:" + silent.getLocalPort()),
                StoreOptions.defaults()
                    .withWriteTimeout(Duration.ofSeconds(1))
                    .withQueryTimeout(Duration.ofSeconds(1)))) {
      assertUnavailableWithin(10, () -> hung.eventWriter().write(TestEvents.sequence(tenant, 5)));
      // More than the socket's buffers take, so that writing itself stands still.
      assertUnavailableWithin(10, () -> hung.eventWriter().write(noise(0, 64)));
      assertUnavailableWithin(10, () -> hung.ping());
      assertUnavailableWithin(10, () -> hung.alertQueries().countsByRule(tenant, Instant.EPOCH));
    }
  }

  @Test
  void databaseThatIsNotMigratedYetKeepsTheWriterTrying() {
    ClickHouseEndpoint fresh =
        ClickHouseEndpoint.of(CLICKHOUSE.url()).withDatabase("not_migrated_yet");
    try (ClickHouseStore early = ClickHouseStore.connect(fresh)) {
      List<StoredEvent> batch = TestEvents.sequence(tenant, 3);
      EventWriter writer = early.eventWriter();
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> writer.write(batch));
      early.migrate();
      writer.write(batch);
      assertThat(early.eventQueries().list(tenant, EventFilter.ALL, 10, "").getEventsCount())
          .isEqualTo(3);
    }
  }

  @Test
  void wrongPasswordIsUnavailableWithItsCode() {
    ClickHouseEndpoint wrong =
        new ClickHouseEndpoint(CLICKHOUSE.url(), "default", "wrong", "tidewatch");
    try (ClickHouseStore locked = ClickHouseStore.connect(wrong)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> locked.ping())
          .satisfies(e -> assertThat(e.code()).isEqualTo(516));
    }
  }

  @Test
  void batchBeyondTheServersMemoryIsWrittenInParts(@TempDir Path directory) {
    ClickHouseOptions small = ClickHouseOptions.of(directory).withMaxMemoryBytes(96 << 20);
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(small);
        ClickHouseStore narrow = ClickHouseStore.connect(ClickHouseEndpoint.of(server.url()))) {
      narrow.migrate();
      List<StoredEvent> batch = noise(0, 64);
      narrow.eventWriter().write(batch);
      assertThat(stored(narrow)).isEqualTo(64);
    }
  }

  @Test
  void queryBeyondItsMemoryIsUnavailableAndTheServerGoesOn() {
    store.eventWriter().write(TestEvents.sequence(tenant, 2000));
    StoreOptions tight =
        new StoreOptions(
            Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(15), 2, 1 << 16, "");
    try (ClickHouseStore small =
        ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()), tight)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> small.eventQueries().list(tenant, EventFilter.ALL, 1000, ""))
          .satisfies(e -> assertThat(e.code()).isEqualTo(241));
    }
    assertThat(stored()).isEqualTo(2000);
  }

  @Test
  void statementThatIsWrongIsRejectedWithItsCode() {
    try (Server server =
        new Server(ClickHouseEndpoint.of(CLICKHOUSE.url()), StoreOptions.defaults())) {
      assertThatExceptionOfType(StoreRejectedException.class)
          .isThrownBy(() -> server.execute("test", "SELEKT 1", new QueryParameters(), "default"))
          .satisfies(e -> assertThat(e.code()).isEqualTo(62))
          .withMessageContaining("62");
    }
  }

  /** Events of 1 MB that do not compress. */
  private List<StoredEvent> noise(int from, int count) {
    Random random = new Random(from);
    return IntStream.range(from, from + count)
        .mapToObj(
            i -> {
              byte[] noise = new byte[1 << 20];
              random.nextBytes(noise);
              StoredEvent event = TestEvents.event(tenant, TestEvents.START.plusSeconds(i), "h");
              return new StoredEvent(
                  event.envelope().toBuilder().setPayload(ByteString.copyFrom(noise)).build(),
                  event.document());
            })
        .toList();
  }

  private static void assertUnavailableWithin(int seconds, Runnable attempt) {
    long start = System.nanoTime();
    assertThat(catchThrowable(attempt::run)).isInstanceOf(StoreUnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(seconds));
  }

  private long stored() {
    return stored(store);
  }

  private long stored(ClickHouseStore in) {
    long count = 0;
    String token = "";
    do {
      ListEventsResponse page = in.eventQueries().list(tenant, EventFilter.ALL, 1000, token);
      count += page.getEventsCount();
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return count;
  }

  /** What a sink does: the same batch until it is acknowledged. */
  private static void retry(Runnable attempt) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInSameThread()
        .ignoreException(StoreUnavailableException.class)
        .until(
            () -> {
              attempt.run();
              return true;
            });
  }
}

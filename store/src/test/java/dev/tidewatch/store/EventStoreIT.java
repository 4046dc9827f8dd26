package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.control.v1.ListEventsResponse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.TimeQuality;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events through a real ClickHouse; every test is a tenant of its own. */
class EventStoreIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static ClickHouseStore store;
  private static EventQueries events;
  private String tenant;

  @BeforeAll
  static void connect() {
    store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()));
    store.migrate();
    events = store.eventQueries();
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
  void eventComesBackAsItWasWritten() {
    byte[] payload = TestEvents.bytes(TestEvents.SYSMON);
    StoredEvent event =
        TestEvents.event(tenant, EventIds.next(), TestEvents.START, "ws-01", payload);
    write(List.of(event));

    EventRow row = events.get(tenant, TestEvents.id(event)).orElseThrow();
    assertThat(row.getTimeMs()).isEqualTo(TestEvents.START.toEpochMilli());
    assertThat(row.getIngestTimeMs()).isEqualTo(TestEvents.START.toEpochMilli() + 1000);
    assertThat(row.getHost()).isEqualTo("ws-01");
    assertThat(row.getOrigin()).isEqualTo("test");
    assertThat(row.getPayload()).isEqualTo(TestEvents.SYSMON);
    assertThat(row.getLogSource().getProduct()).isEqualTo("windows");
    assertThat(row.getLogSource().getCategory()).isEqualTo("process_creation");
    assertThat(row.getClassUid()).isEqualTo(event.document().ocsf().classUid());
    assertThat(row.getClassName()).isEqualTo(event.document().ocsf().className());
    assertThat(row.getSummary()).isEqualTo(event.document().ocsf().summary());
    assertThat(row.getOcsfMap()).isEqualTo(event.document().ocsf().columns());
    assertThat(row.getOcsfMap()).containsKey("process.cmd_line");
    assertThat(events.payload(tenant, TestEvents.id(event)))
        .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(payload));
  }

  @Test
  void batchWrittenAgainShowsEachEventOnce() {
    List<StoredEvent> batch = TestEvents.sequence(tenant, 500);
    write(batch);
    write(batch);
    write(batch.subList(100, 300));

    assertThat(all(EventFilter.ALL)).containsExactlyElementsOf(ids(batch));
    assertThat(events.byIds(tenant, ids(batch).subList(0, 250))).hasSize(250);
  }

  @Test
  void concurrentWritersOfOverlappingBatchesLoseAndDoubleNothing() throws Exception {
    List<StoredEvent> batch = TestEvents.sequence(tenant, 2000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        List<StoredEvent> part = new ArrayList<>(batch.subList(i * 200, i * 200 + 600));
        Collections.shuffle(part, new Random(i));
        writes.add(threads.submit(() -> write(part)));
      }
      for (Future<?> write : writes) {
        write.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(all(EventFilter.ALL)).containsExactlyElementsOf(ids(batch));
  }

  @Test
  void batchThatSpansHundredsOfMonthsIsStored() {
    List<StoredEvent> batch = new ArrayList<>();
    for (int year = 1990; year < 2026; year++) {
      for (int month = 1; month <= 12; month++) {
        Instant time = Instant.parse("%d-%02d-03T04:05:06.123456Z".formatted(year, month));
        batch.add(TestEvents.event(tenant, time, "h"));
      }
    }
    Collections.shuffle(batch, new Random(1));
    write(batch);
    batch.sort((a, b) -> Long.compare(a.timeMicros(), b.timeMicros()));
    assertThat(all(EventFilter.ALL)).containsExactlyElementsOf(ids(batch));
  }

  @Test
  void payloadOfTwentyMegabytesIsStoredByteForByte() {
    byte[] padding = new byte[20_000_000];
    new Random(7).nextBytes(padding);
    for (int i = 0; i < padding.length; i++) {
      padding[i] = (byte) (' ' + (padding[i] & 0x3f));
      if (padding[i] == '"' || padding[i] == '\\') {
        padding[i] = 'x';
      }
    }
    byte[] payload =
        TestEvents.bytes("{\"m\":\"" + new String(padding, StandardCharsets.US_ASCII) + "\"}");
    // As decoded upstream: a payload too large to read is stored with what the envelope says.
    StoredEvent large = withPayload(TestEvents.event(tenant, TestEvents.START, "h"), payload);
    write(List.of(large));
    assertThat(events.payload(tenant, TestEvents.id(large)))
        .hasValueSatisfying(bytes -> assertThat(Arrays.equals(bytes, payload)).isTrue());
    write(List.of(TestEvents.event(tenant, TestEvents.START.plusSeconds(1), "h")));
    assertThat(all(EventFilter.ALL)).hasSize(2);
  }

  @Test
  void payloadThatDoesNotCompressIsStored() {
    byte[] noise = new byte[2_000_000];
    new Random(3).nextBytes(noise);
    StoredEvent event = withPayload(TestEvents.event(tenant, TestEvents.START, "h"), noise);
    write(List.of(event));
    assertThat(events.payload(tenant, TestEvents.id(event)))
        .hasValueSatisfying(bytes -> assertThat(Arrays.equals(bytes, noise)).isTrue());
  }

  @Test
  void largeBatchFitsTheMemoryOfASmallServer() {
    byte[] payload = Arrays.copyOf(TestEvents.bytes(TestEvents.SYSMON), 2000);
    List<StoredEvent> batch =
        TestEvents.sequence(tenant, 10_000).stream()
            .map(event -> withPayload(event, payload))
            .toList();
    write(batch);
    assertThat(all(EventFilter.ALL)).hasSize(10_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; DROP TABLE events; --",
        "a'b\"c`d\\e",
        "tab\there\nand\r\nlines",
        "nul\0inside",
        "{host:String}",
        "\\N",
        "\\",
        "é漢字😀",
        "%d %s ${database}"
      })
  void hostileTextIsDataInValuesAndFilters(String hostile) {
    StoredEvent event = TestEvents.event(tenant + hostile, TestEvents.START, hostile);
    write(List.of(event, TestEvents.event(tenant + hostile, TestEvents.START, "other")));

    ListEventsResponse found =
        events.list(tenant + hostile, new EventFilter(0, 0, hostile, 0), 10, "");
    assertThat(found.getEventsList())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getEventId()).isEqualTo(TestEvents.id(event));
              assertThat(row.getHost()).isEqualTo(hostile);
            });
    assertThat(events.list(tenant, EventFilter.ALL, 10, "").getEventsList()).isEmpty();
  }

  @Test
  void payloadWithMalformedUtf8KeepsItsBytes() {
    byte[] payload = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, (byte) 0xc0, 'z', '"', '}'};
    StoredEvent event = withPayload(TestEvents.event(tenant, TestEvents.START, "h"), payload);
    write(List.of(event));
    assertThat(events.payload(tenant, TestEvents.id(event)))
        .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(payload));
    assertThat(events.get(tenant, TestEvents.id(event)).orElseThrow().getPayload())
        .isEqualTo("{\"a\":\"\uFFFD\uFFFDz\"}");
  }

  @Test
  void anotherTenantSeesNothing() {
    StoredEvent event = TestEvents.event(tenant, TestEvents.START, "h");
    write(List.of(event));
    String other = tenant + "-other";
    String id = TestEvents.id(event);
    assertThat(events.list(other, EventFilter.ALL, 10, "").getEventsList()).isEmpty();
    assertThat(events.get(other, id)).isEmpty();
    assertThat(events.payload(other, id)).isEmpty();
    assertThat(events.byIds(other, List.of(id))).isEmpty();
    assertThat(events.byEvidence(other, List.of(evidence(event, 0)))).isEmpty();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> events.list("", EventFilter.ALL, 10, ""))
        .withMessageContaining("tenant_id");
  }

  @Test
  void pagesCoverEventsOfOneMicrosecondWithoutGapOrRepeat() {
    List<StoredEvent> batch = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      batch.add(
          TestEvents.event(
              tenant, UUID.randomUUID(), TestEvents.START, "h" + i % 7, new byte[] {'{', '}'}));
    }
    batch.add(TestEvents.event(tenant, TestEvents.START.plusSeconds(1), "h"));
    write(batch);

    List<String> paged = new ArrayList<>();
    String token = "";
    do {
      ListEventsResponse page = events.list(tenant, EventFilter.ALL, 7, token);
      page.getEventsList().forEach(row -> paged.add(row.getEventId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(paged).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(ids(batch));
  }

  @Test
  void neighboursAreFoundByHostTimeAndClass() {
    List<StoredEvent> batch = TestEvents.sequence(tenant, 100);
    write(batch);
    long start = TestEvents.START.toEpochMilli();
    assertThat(all(new EventFilter(start + 10_000, start + 20_000, "", 0)))
        .containsExactlyElementsOf(ids(batch.subList(10, 20)));
    assertThat(all(new EventFilter(start + 10_000, start + 20_000, "h2", 0)))
        .containsExactly(ids(batch).get(12), ids(batch).get(17));
    int classUid = batch.get(0).document().ocsf().classUid();
    assertThat(all(new EventFilter(0, 0, "", classUid))).hasSize(100);
    assertThat(all(new EventFilter(0, 0, "", classUid + 1))).isEmpty();
  }

  @Test
  void evidenceIsFoundAtItsTimeAndElsewhere() {
    List<StoredEvent> batch = TestEvents.sequence(tenant, 10);
    write(batch);
    List<Evidence> evidence =
        List.of(
            evidence(batch.get(7), 0),
            evidence(batch.get(3), Duration.ofDays(100).toMillis() * 1000),
            Evidence.newBuilder().setEventId(UUID.randomUUID().toString()).build());
    List<EventRow> rows = events.byEvidence(tenant, evidence);
    assertThat(rows)
        .extracting(EventRow::getEventId)
        .containsExactly(ids(batch).get(3), ids(batch).get(7));
    assertThat(rows).allSatisfy(row -> assertThat(row.getPayload()).isEqualTo(TestEvents.SYSMON));
  }

  @Test
  void timeBeyondTheTablesRangeIsReplacedByTheTimeOfEntry() {
    StoredEvent good = TestEvents.event(tenant, TestEvents.START, "h");
    for (long micros : new long[] {Long.MIN_VALUE, -1, 4_102_444_800_000_000L, Long.MAX_VALUE}) {
      StoredEvent odd =
          new StoredEvent(good.envelope(), good.document(), micros, TimeQuality.PAYLOAD);
      assertThat(odd.timeMicros()).isEqualTo(good.envelope().getIngestTimeUs());
      assertThat(odd.timeQuality()).isEqualTo(TimeQuality.INGEST);
    }
  }

  @Test
  void eventWithoutIdIsRejectedAndNothingOfTheBatchIsStored() {
    StoredEvent good = TestEvents.event(tenant, TestEvents.START, "h");
    TelemetryEvent broken =
        good.envelope().toBuilder().setEventId(ByteString.copyFromUtf8("short")).build();
    assertThatExceptionOfType(StoreRejectedException.class)
        .isThrownBy(() -> write(List.of(good, TestEvents.of(broken))))
        .withMessageContaining("row 1")
        .withMessageContaining("16 bytes");
    assertThat(all(EventFilter.ALL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AAAA", "!!!!", "e30", "' OR 1=1 --", "\0"})
  void garbageAsPageTokenIsRefused(String token) {
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> events.list(tenant, EventFilter.ALL, 10, token));
  }

  @Test
  void pageTokenOfAnotherFilterIsRefused() {
    write(TestEvents.sequence(tenant, 3));
    String token = events.list(tenant, EventFilter.ALL, 1, "").getNextPageToken();
    assertThat(token).isNotEmpty();
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> events.list(tenant, new EventFilter(0, 0, "h1", 0), 1, token));
    assertThatExceptionOfType(InvalidPageTokenException.class)
        .isThrownBy(() -> events.list(tenant + "2", EventFilter.ALL, 1, token));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1001, Integer.MAX_VALUE})
  void pageSizeOutOfRangeIsRefused(int size) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> events.list(tenant, EventFilter.ALL, size, ""))
        .withMessageContaining("page_size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1-2-3-4-5", "not-a-uuid", "00000000-0000-0000-0000-00000000000g"})
  void idThatIsNoUuidIsRefused(String id) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> events.get(tenant, id))
        .withMessageContaining("event_id");
  }

  private static StoredEvent withPayload(StoredEvent event, byte[] payload) {
    return new StoredEvent(
        event.envelope().toBuilder().setPayload(ByteString.copyFrom(payload)).build(),
        event.document());
  }

  private static Evidence evidence(StoredEvent event, long offsetMicros) {
    return Evidence.newBuilder()
        .setEventId(TestEvents.id(event))
        .setTimeUs(event.timeMicros() + offsetMicros)
        .build();
  }

  private static void write(List<StoredEvent> batch) {
    store.eventWriter().write(batch);
  }

  private List<String> all(EventFilter filter) {
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      ListEventsResponse page = events.list(tenant, filter, 1000, token);
      page.getEventsList().forEach(row -> ids.add(row.getEventId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return ids;
  }

  private static List<String> ids(List<StoredEvent> batch) {
    return batch.stream().map(TestEvents::id).toList();
  }
}

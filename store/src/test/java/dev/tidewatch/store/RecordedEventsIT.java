package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.v1.EventRow;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Recorded telemetry of every shape, written twice and read back. */
class RecordedEventsIT {
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();

  private static final int PER_FILE = 400;
  private static final String TENANT = "recorded";

  @Test
  void recordedEventsComeBackOnceWithPayloadAndColumns() throws IOException {
    List<StoredEvent> batch = recorded();
    try (ClickHouseStore store = ClickHouseStore.connect(ClickHouseEndpoint.of(CLICKHOUSE.url()))) {
      store.migrate();
      EventWriter writer = store.eventWriter();
      writer.write(batch);
      writer.write(batch.subList(batch.size() / 3, batch.size()));

      Map<String, EventRow> stored = new HashMap<>();
      List<EventRow> rows =
          store.eventQueries().byIds(TENANT, batch.stream().map(TestEvents::id).toList());
      rows.forEach(row -> stored.put(row.getEventId(), row));
      assertThat(rows).hasSize(batch.size());
      for (StoredEvent event : batch) {
        EventRow row = stored.get(TestEvents.id(event));
        assertThat(row.getPayload()).isEqualTo(event.envelope().getPayload().toStringUtf8());
        assertThat(row.getOcsfMap()).isEqualTo(event.document().ocsf().columns());
        assertThat(row.getHost()).isEqualTo(event.document().host());
        assertThat(row.getTimeMs()).isEqualTo(Math.floorDiv(event.timeMicros(), 1000L));
      }
    }
  }

  private static List<StoredEvent> recorded() throws IOException {
    Path events = Path.of(System.getProperty("tidewatch.corpus", "")).resolve("events");
    assumeTrue(Files.isDirectory(events), "no corpus at " + events);
    List<StoredEvent> recorded = new ArrayList<>();
    try (Stream<Path> files = Files.list(events)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".ndjson")).toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          lines
              .filter(line -> !line.isBlank())
              .limit(PER_FILE)
              .forEach(l -> recorded.add(event(l)));
        }
      }
    }
    assertThat(recorded).hasSizeGreaterThan(1000);
    return recorded;
  }

  private static StoredEvent event(String line) {
    return TestEvents.of(
        TelemetryEvent.newBuilder()
            .setTenantId(TENANT)
            .setEventId(EventIds.bytes(EventIds.next()))
            .setIngestTimeUs(TestEvents.micros(TestEvents.START))
            .setPayload(ByteString.copyFromUtf8(line))
            .build());
  }
}

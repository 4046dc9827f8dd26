package dev.tidewatch.jobs.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.jobs.source.InboundRecord.Unreadable;
import dev.tidewatch.store.StoredEvent;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  private static final long APPENDED = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
  private static final long SKEW = 300_000;
  private final RecordReader reader = new RecordReader(10_000, SKEW);

  private InboundRecord read(TelemetryEvent event) {
    return read(event, APPENDED);
  }

  private InboundRecord read(TelemetryEvent event, long appended) {
    return reader.read(new KafkaPosition("telemetry", 0, 1, appended), null, event.toByteArray());
  }

  private static TelemetryEvent.Builder event(String payload) {
    return TelemetryEvent.newBuilder()
        .setTenantId("acme")
        .setEventId(EventIds.bytes(EventIds.next()))
        .setPayload(ByteString.copyFromUtf8(payload));
  }

  private static StoredEvent stored(InboundRecord record) {
    return Objects.requireNonNull(record.event());
  }

  private static Unreadable unreadable(InboundRecord record) {
    return Objects.requireNonNull(record.unreadable());
  }

  @Test
  void eventTimeIsThePayloads() {
    InboundRecord record = read(event("{\"@timestamp\":\"2026-03-01T11:59:30.250Z\"}").build());

    assertThat(record.eventMillis()).isEqualTo(APPENDED - 29_750);
    assertThat(stored(record).timeMicros()).isEqualTo((APPENDED - 29_750) * 1_000);
    assertThat(record.unreadable()).isNull();
  }

  @Test
  void anEventWithoutAnyTimeHappenedWhenKafkaTookIt() {
    InboundRecord record = read(event("{\"a\":1}").build());

    assertThat(stored(record).timeMicros()).isEqualTo(APPENDED * 1_000);
    assertThat(record.eventMillis()).isEqualTo(APPENDED);
  }

  @Test
  void anEventFromTheFutureCannotPushTheWatermark() {
    for (String time : new String[] {"2100-01-01T00:00:00Z", "2026-03-01T20:00:00Z"}) {
      InboundRecord record = read(event("{\"@timestamp\":\"" + time + "\"}").build());

      assertThat(record.eventMillis()).as(time).isLessThanOrEqualTo(APPENDED + SKEW);
    }
  }

  @Test
  void aProducersClockInTheFutureCannotPushTheWatermarkEither() {
    long future = Instant.parse("2150-01-01T00:00:00Z").toEpochMilli();
    InboundRecord record = read(event("{\"@timestamp\":\"2149-12-31T00:00:00Z\"}").build(), future);

    assertThat(record.eventMillis()).isLessThanOrEqualTo(System.currentTimeMillis() + SKEW);
  }

  @Test
  void readingTwiceGivesTheSameTime() {
    TelemetryEvent event = event("{\"@timestamp\":\"2100-01-01T00:00:00Z\"}").build();

    assertThat(stored(read(event)).timeMicros()).isEqualTo(stored(read(event)).timeMicros());
  }

  @Test
  void whatIsNoEventSaysWhyAndKeepsTheTenantWhenItIsKnown() {
    Unreadable broken = unreadable(read(event("{\"a\":").build()));
    assertThat(broken.code()).isEqualTo("TW-E4006");
    assertThat(broken.tenantId()).isEqualTo("acme");

    Unreadable large = unreadable(read(event("\"" + "x".repeat(10_001) + "\"").build()));
    assertThat(large.code()).isEqualTo("TW-E4005");
    assertThat(large.reason()).contains("10003").contains("10000");

    KafkaPosition position = new KafkaPosition("telemetry", 0, 1, APPENDED);
    assertThat(unreadable(reader.read(position, null, null)).code()).isEqualTo("TW-E4001");
    assertThat(unreadable(reader.read(position, null, new byte[] {-1})).tenantId()).isEmpty();
  }
}

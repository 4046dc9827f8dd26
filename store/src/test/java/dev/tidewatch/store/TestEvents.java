package dev.tidewatch.store;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.events.v1.TimePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Events as they come out of the decoder. */
final class TestEvents {
  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  static final String SYSMON =
      """
      {"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,\
      "Image":"C:\\\\Windows\\\\System32\\\\cmd.exe","CommandLine":"cmd.exe /c whoami",\
      "ParentImage":"C:\\\\Windows\\\\explorer.exe","User":"ACME\\\\ada","ProcessId":"4711"}""";

  private TestEvents() {}

  static StoredEvent event(String tenant, Instant time, String host) {
    return event(tenant, EventIds.next(), time, host, bytes(SYSMON));
  }

  static StoredEvent event(String tenant, UUID id, Instant time, String host, byte[] payload) {
    return of(
        TelemetryEvent.newBuilder()
            .setTenantId(tenant)
            .setEventId(EventIds.bytes(id))
            .setObservedTimeUs(micros(time))
            .setIngestTimeUs(micros(time) + 1_000_000)
            .setTimePolicy(TimePolicy.TIME_POLICY_OBSERVED)
            .setHost(host)
            .setOrigin("test")
            .setPayload(ByteString.copyFrom(payload))
            .build());
  }

  static StoredEvent of(TelemetryEvent envelope) {
    try {
      return new StoredEvent(envelope, EventDocument.parse(envelope));
    } catch (MalformedEventException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** One a second, on the hosts {@code h0} to {@code h4} in turn. */
  static List<StoredEvent> sequence(String tenant, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> event(tenant, START.plusSeconds(i), "h" + i % 5))
        .toList();
  }

  static String id(StoredEvent event) {
    return EventIds.uuid(event.envelope().getEventId()).toString();
  }

  static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.tidewatch.jobs;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.time.Instant;

/** Telemetry as a gateway would write it. */
final class TestTelemetry {
  static final String TENANT = "acme";
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private TestTelemetry() {}

  /** A process creation on {@code host}, {@code second} seconds after {@link #START}. */
  static TelemetryEvent process(String host, int second, String image, String commandLine) {
    String payload =
        """
        {"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Hostname":"%s",\
        "UtcTime":"%s","Image":"%s","CommandLine":"%s","User":"ACME\\\\ann","ProcessId":4711}"""
            .formatted(host, utc(second), image.replace("\\", "\\\\"), commandLine);
    return envelope(host, payload).build();
  }

  /** Fires the rule {@code whoami.yml}. */
  static TelemetryEvent whoami(int second) {
    return process("ws1", second, "C:\\Windows\\System32\\whoami.exe", "whoami /all");
  }

  /** Fires no rule. */
  static TelemetryEvent notepad(int second) {
    return process("ws" + second % 7, second, "C:\\Windows\\notepad.exe", "notepad " + second);
  }

  static TelemetryEvent.Builder envelope(String host, String payload) {
    return envelope(host, ByteString.copyFromUtf8(payload));
  }

  static TelemetryEvent.Builder envelope(String host, ByteString payload) {
    long micros = START.toEpochMilli() * 1_000;
    return TelemetryEvent.newBuilder()
        .setTenantId(TENANT)
        .setEventId(EventIds.bytes(EventIds.next()))
        .setObservedTimeUs(micros)
        .setIngestTimeUs(micros)
        .setHost(host)
        .setPayload(payload);
  }

  private static String utc(int second) {
    return START.plusSeconds(second).toString().replace('T', ' ').replace("Z", ".000");
  }
}

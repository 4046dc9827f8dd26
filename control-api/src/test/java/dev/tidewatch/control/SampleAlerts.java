package dev.tidewatch.control;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.AlertIds;
import dev.tidewatch.events.EventDocument;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.MalformedEventException;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.MatchedField;
import dev.tidewatch.events.v1.Stage;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Alerts and their events as the detection job stores them. */
public final class SampleAlerts {
  public static final Instant START = Instant.parse("2026-11-20T10:00:00.123Z");

  private SampleAlerts() {}

  /** The {@code n}th alert of a tenant: a minute apart, levels and hosts in turn. */
  public static Alert alert(String tenant, int n) {
    long micros = micros(START.plus(n, ChronoUnit.MINUTES));
    String eventId = eventId(tenant, n).toString();
    String host = "ws-0" + n % 3;
    String rule = "rule-" + n % 2;
    return Alert.newBuilder()
        .setTenantId(tenant)
        .setAlertId(AlertIds.derive(tenant, rule, 1, eventId, micros).toString())
        .setRuleId(rule)
        .setRuleVersion(1)
        .setRuleHash("0123456789abcdef")
        .setRuleTitle(n % 2 == 0 ? "Encoded PowerShell" : "LSASS memory read")
        .setLevel(Level.forNumber(1 + n % 5))
        .setTimeUs(micros)
        .setFirstSeenUs(micros)
        .setLastSeenUs(micros)
        .setCount(1)
        .setDetectedTimeUs(micros + 5)
        .addTechniqueIds(n % 2 == 0 ? "T1059.001" : "T1003")
        .addTactics("execution")
        .addTags("attack.execution")
        .addEntities(Entity.newBuilder().setKind("host").setValue(host))
        .addEntities(Entity.newBuilder().setKind("user").setValue("Ada Lövelace"))
        .addEvidence(
            Evidence.newBuilder()
                .setEventId(eventId)
                .setTimeUs(micros)
                .addFields(
                    MatchedField.newBuilder()
                        .setField("CommandLine")
                        .setValue("powershell -enc AAAA")
                        .setSelection("selection")
                        .setOperator("contains")
                        .setPattern("-enc")))
        .setStage(Stage.STAGE_LIVE)
        .setReason("CommandLine contains -enc " + n)
        .build();
  }

  /** The event behind {@link #alert}. */
  public static StoredEvent event(String tenant, int n) {
    Instant time = START.plus(n, ChronoUnit.MINUTES);
    String payload = "{\"Channel\":\"x\",\"CommandLine\":\"powershell -enc AAAA\",\"n\":" + n + "}";
    TelemetryEvent envelope =
        TelemetryEvent.newBuilder()
            .setTenantId(tenant)
            .setEventId(EventIds.bytes(eventId(tenant, n)))
            .setObservedTimeUs(micros(time))
            .setIngestTimeUs(micros(time) + 1_000)
            .setHost("ws-0" + n % 3)
            .setPayload(ByteString.copyFromUtf8(payload))
            .setOrigin("test")
            .build();
    try {
      return new StoredEvent(envelope, EventDocument.parse(envelope));
    } catch (MalformedEventException e) {
      throw new IllegalStateException(e);
    }
  }

  public static UUID eventId(String tenant, int n) {
    return UUID.nameUUIDFromBytes((tenant + n).getBytes(StandardCharsets.UTF_8));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}

package dev.tidewatch.store;

import dev.tidewatch.events.AlertIds;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.Entity;
import dev.tidewatch.events.v1.Evidence;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.LogSource;
import dev.tidewatch.events.v1.MatchedField;
import dev.tidewatch.events.v1.Stage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Alerts as the detection job raises them. */
final class TestAlerts {
  private TestAlerts() {}

  /** A builder with everything set. */
  static Alert.Builder alert(String tenant, String ruleId, Instant time, String host) {
    long micros = TestEvents.micros(time);
    String eventId = UUID.nameUUIDFromBytes(TestEvents.bytes(time + host)).toString();
    return Alert.newBuilder()
        .setTenantId(tenant)
        .setAlertId(AlertIds.derive(tenant, ruleId, 1, eventId, micros).toString())
        .setRuleId(ruleId)
        .setRuleVersion(1)
        .setRuleHash("0123456789abcdef")
        .setRuleTitle("Title of " + ruleId)
        .setLevel(Level.LEVEL_HIGH)
        .setTimeUs(micros)
        .setFirstSeenUs(micros)
        .setLastSeenUs(micros)
        .setCount(1)
        .setDetectedTimeUs(micros + 5)
        .setLogSource(
            LogSource.newBuilder()
                .setProduct("windows")
                .setCategory("process_creation")
                .setService("sysmon"))
        .addTechniqueIds("T1059.001")
        .addTactics("execution")
        .addTags("attack.t1059.001")
        .addEntities(Entity.newBuilder().setKind("host").setValue(host))
        .addEntities(Entity.newBuilder().setKind("user").setValue("ada"))
        .addEvidence(
            Evidence.newBuilder()
                .setEventId(eventId)
                .setTimeUs(micros)
                .addFields(
                    MatchedField.newBuilder()
                        .setField("CommandLine")
                        .setValue("cmd.exe /c whoami")
                        .setSelection("selection")
                        .setOperator("contains")
                        .setPattern("whoami")))
        .setStage(Stage.STAGE_LIVE)
        .setReason("CommandLine contains whoami");
  }

  /** One a minute on host {@code h}, all of rule {@code rule}. */
  static List<Alert> sequence(String tenant, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> alert(tenant, "rule", TestEvents.START.plusSeconds(60L * i), "h").build())
        .toList();
  }
}

package dev.tidewatch.jobs.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidewatch.events.AlertIds;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.jobs.rules.FixedRules;
import dev.tidewatch.jobs.sink.DeadLetterRecords;
import dev.tidewatch.jobs.source.InboundRecord;
import dev.tidewatch.jobs.source.KafkaPosition;
import dev.tidewatch.jobs.source.RecordReader;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MatchFunctionTest {
  private static final long START = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
  private static final UUID EVENT = UUID.fromString("01890000-0000-7000-8000-000000000001");
  private static final String RULE =
      """
      title: Account Made
      id: 00000000-0000-4000-8000-000000000001
      status: test
      level: critical
      tags:
        - attack.persistence
        - attack.t1136.001
      logsource:
        product: windows
        service: security
      detection:
        selection:
          EventID: 4720
        condition: selection
      """;
  private final RecordReader reader = new RecordReader(1 << 20, 0);
  private OneInputStreamOperatorTestHarness<InboundRecord, InboundRecord> match;

  @BeforeEach
  void open() throws Exception {
    match =
        ProcessFunctionTestHarnesses.forProcessFunction(
            new MatchFunction(FixedRules.of(RULE), 64, new DeadLetterRecords(1 << 20)));
  }

  @AfterEach
  void close() throws Exception {
    match.close();
  }

  private InboundRecord record(String payload) {
    TelemetryEvent event =
        TelemetryEvent.newBuilder()
            .setTenantId("acme")
            .setEventId(EventIds.bytes(EVENT))
            .setIngestTimeUs(START * 1_000)
            .setPayload(ByteString.copyFromUtf8(payload))
            .build();
    return reader.read(new KafkaPosition("telemetry", 0, 1, START), null, event.toByteArray());
  }

  private static String created(String user) {
    return """
        {"Channel":"Security","EventID":4720,"Hostname":"dc1","TargetUserName":"%s"}"""
        .formatted(user);
  }

  private List<Alert> alerts() {
    var output = match.getSideOutput(MatchFunction.ALERTS);
    return output == null ? List.of() : output.stream().map(StreamRecord::getValue).toList();
  }

  @Test
  void anEventThatFiresGoesOnAndRaisesAnAlert() throws Exception {
    InboundRecord record = record(created("eve"));
    match.processElement(record, START);

    assertThat(match.extractOutputValues()).containsExactly(record);
    assertThat(alerts())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getAlertId())
                  .isEqualTo(
                      AlertIds.derive(
                              "acme",
                              "00000000-0000-4000-8000-000000000001",
                              1,
                              EVENT.toString(),
                              START * 1_000)
                          .toString());
              assertThat(alert.getReason()).isEqualTo("EventID is 4720");
              assertThat(alert.getTechniqueIdsList()).containsExactly("T1136.001");
              assertThat(alert.getLogSource().getService()).isEqualTo("security");
              assertThat(alert.getCount()).isEqualTo(1);
              assertThat(alert.getDetectedTimeUs()).isPositive();
              assertThat(alert.getEntitiesList())
                  .anySatisfy(entity -> assertThat(entity.getValue()).isEqualTo("dc1"));
            });
  }

  @Test
  void anEventThatFiresNothingGoesOn() throws Exception {
    match.processElement(record("{\"Channel\":\"Security\",\"EventID\":4624}"), START);

    assertThat(match.extractOutputValues()).hasSize(1);
    assertThat(alerts()).isEmpty();
  }

  @Test
  void aRecordThatIsNoEventIsADeadLetterOnly() throws Exception {
    match.processElement(record("{"), START);

    assertThat(match.extractOutputValues()).isEmpty();
    var letters = Objects.requireNonNull(match.getSideOutput(MatchFunction.DEAD_LETTERS));
    assertThat(letters)
        .extracting(StreamRecord::getValue)
        .singleElement()
        .extracting(DeadLetter::getCode, DeadLetter::getTenantId, DeadLetter::getOffset)
        .containsExactly("TW-E4006", "acme", 1L);
  }

  @Test
  void aLateEventIsMatchedLikeAnyOther() throws Exception {
    match.processWatermark(START + 60_000);
    match.processElement(record(created("eve")), START);

    assertThat(alerts()).hasSize(1);
    assertThat(match.extractOutputValues()).hasSize(1);
  }

  @Test
  void longValuesAreCutInTheAlert() throws Exception {
    match.processElement(record(created("e".repeat(5_000))), START);

    assertThat(alerts().get(0).getEntitiesList())
        .allSatisfy(entity -> assertThat(entity.getValue()).hasSizeLessThanOrEqualTo(64));
  }
}

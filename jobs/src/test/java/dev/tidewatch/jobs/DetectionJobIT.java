package dev.tidewatch.jobs;

import static dev.tidewatch.jobs.TestTelemetry.TENANT;
import static dev.tidewatch.jobs.TestTelemetry.envelope;
import static dev.tidewatch.jobs.TestTelemetry.notepad;
import static dev.tidewatch.jobs.TestTelemetry.whoami;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.v1.Alert;
import dev.tidewatch.events.v1.DeadLetter;
import dev.tidewatch.events.v1.Level;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job between real servers, when all of them are well. */
class DetectionJobIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @TempDir static Path checkpoints;
  private static LocalCluster cluster;
  private Pipeline pipeline;

  @BeforeAll
  static void startFlink() {
    Configuration freshMetrics = new Configuration();
    freshMetrics.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(200));
    cluster = LocalCluster.start(freshMetrics, checkpoints, 0, 2);
  }

  @AfterAll
  static void stopFlink() {
    cluster.close();
  }

  @BeforeEach
  void submit() throws Exception {
    pipeline = new Pipeline(KAFKA.bootstrapServers(), CLICKHOUSE.url());
    cluster.submitFrom(Optional.empty(), pipeline.options());
  }

  @AfterEach
  void cancel() {
    cluster.cancel();
    pipeline.close();
  }

  @Test
  void everyEventIsStoredAndEveryMatchIsAnAlertOnce() throws Exception {
    List<TelemetryEvent> suspicious = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      TelemetryEvent event = i % 100 == 0 ? whoami(i) : notepad(i);
      if (i % 100 == 0) {
        suspicious.add(event);
      }
      pipeline.send(event);
    }
    pipeline.awaitSent();

    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 3_000);
    await().atMost(PATIENCE).until(() -> pipeline.alerts() == 30);
    await().atMost(PATIENCE).until(() -> pipeline.committedAlerts().size() == 30);
    assertThat(pipeline.events()).isEqualTo(3_000);
    assertThat(pipeline.committedAlerts())
        .extracting(alert -> alert.getEvidence(0).getEventId())
        .containsExactlyInAnyOrderElementsOf(
            suspicious.stream()
                .map(e -> dev.tidewatch.events.EventIds.uuid(e.getEventId()).toString())
                .toList());
    assertThat(pipeline.deadLetters()).isEmpty();
  }

  @Test
  void anAlertSaysWhoWhatAndWhy() throws Exception {
    pipeline.send(whoami(7));
    await().atMost(PATIENCE).until(() -> !pipeline.committedAlerts().isEmpty());

    Alert alert = pipeline.committedAlerts().get(0);

    assertThat(alert.getTenantId()).isEqualTo(TENANT);
    assertThat(alert.getRuleTitle()).isEqualTo("User Looks Up Its Own Privileges");
    assertThat(alert.getLevel()).isEqualTo(Level.LEVEL_MEDIUM);
    assertThat(alert.getTechniqueIdsList()).containsExactly("T1033");
    assertThat(alert.getTacticsList()).containsExactly("discovery");
    assertThat(alert.getTimeUs())
        .isEqualTo(TestTelemetry.START.plusSeconds(7).toEpochMilli() * 1_000);
    assertThat(alert.getReason())
        .isEqualTo("Image ends with \\whoami.exe · CommandLine contains  /");
    assertThat(alert.getEntitiesList())
        .extracting(entity -> entity.getKind() + "=" + entity.getValue())
        .contains("host=ws1", "process=C:\\Windows\\System32\\whoami.exe");
    assertThat(alert.getEvidence(0).getFieldsList())
        .anySatisfy(field -> assertThat(field.getValue()).isEqualTo("whoami /all"));
    assertThat(pipeline.text("SELECT toString(alert_id) FROM alerts"))
        .isEqualTo(alert.getAlertId());
  }

  @Test
  void recordsThatComeTwiceAreSeenOnce() throws Exception {
    List<TelemetryEvent> events = List.of(whoami(1), notepad(2), notepad(3));
    for (int round = 0; round < 3; round++) {
      events.forEach(pipeline::send);
      pipeline.awaitSent();
      await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 3);
    }
    await().atMost(PATIENCE).until(() -> pipeline.committedAlerts().size() == 3);

    assertThat(pipeline.events()).isEqualTo(3);
    assertThat(pipeline.alerts()).isEqualTo(1);
    assertThat(pipeline.committedAlerts()).extracting(Alert::getAlertId).hasSize(3);
    assertThat(pipeline.committedAlerts().stream().map(Alert::getAlertId).distinct()).hasSize(1);
  }

  @Test
  void badInputIsKeptWithItsReasonAndStopsNothing() throws Exception {
    Map<String, byte[]> unreadable =
        Map.of(
            "TW-E4001", new byte[] {(byte) 0xff, 1, 2, 3},
            "TW-E4002", envelope("h", "{}").clearTenantId().build().toByteArray(),
            "TW-E4003",
                envelope("h", "{}")
                    .setEventId(ByteString.copyFromUtf8("short"))
                    .build()
                    .toByteArray(),
            "TW-E4004", envelope("h", "").build().toByteArray(),
            "TW-E4005", envelope("h", ByteString.copyFrom(large())).build().toByteArray(),
            "TW-E4006", envelope("h", "{\"broken\":").build().toByteArray(),
            "TW-E4007", envelope("h", "[1,2]").build().toByteArray());
    unreadable.forEach((code, value) -> pipeline.send(code.getBytes(UTF_8), value));
    pipeline.send("tombstone".getBytes(UTF_8), null);
    pipeline.send(whoami(1));
    pipeline.awaitSent();

    await().atMost(PATIENCE).until(() -> pipeline.deadLetters().size() == 8);
    await().atMost(PATIENCE).until(() -> pipeline.alerts() == 1);
    Map<String, List<DeadLetter>> letters =
        pipeline.deadLetters().stream().collect(Collectors.groupingBy(DeadLetter::getCode));
    assertThat(letters.keySet()).isEqualTo(unreadable.keySet());
    unreadable.forEach(
        (code, value) ->
            assertThat(letters.get(code))
                .anySatisfy(
                    letter -> {
                      assertThat(letter.getRecord().toByteArray()).isEqualTo(value);
                      assertThat(letter.getRecordKey().toStringUtf8()).isEqualTo(code);
                      assertThat(letter.getReason()).isNotBlank().hasSizeLessThan(300);
                    }));
    await()
        .atMost(PATIENCE)
        .until(() -> pipeline.store().pipelineQueries().recentDeadLetters(100).size() == 8);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(pipeline.events()).isEqualTo(1));
  }

  /** 20 MB that would be an event if it were smaller. */
  private static byte[] large() {
    byte[] payload = new byte[20 << 20];
    java.util.Arrays.fill(payload, (byte) 'a');
    byte[] head = "{\"CommandLine\":\"".getBytes(UTF_8);
    System.arraycopy(head, 0, payload, 0, head.length);
    payload[payload.length - 2] = '"';
    payload[payload.length - 1] = '}';
    return payload;
  }

  @Test
  void oddTimesTypesAndSourcesAreStillEvents() throws Exception {
    long ingest = TestTelemetry.START.toEpochMilli() * 1_000;
    String sysmon = "\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,";
    String fires = "\"Image\":\"C:\\\\whoami.exe\",\"CommandLine\":\"whoami /all\"";
    List<String> payloads =
        List.of(
            "{" + sysmon + fires + "}",
            "{" + sysmon + "\"UtcTime\":\"1970-01-01 00:00:01.000\"," + fires + "}",
            "{" + sysmon + "\"UtcTime\":\"2100-01-01 00:00:01.000\"," + fires + "}",
            "{"
                + sysmon
                + "\"UtcTime\":{\"a\":[1]},\"CommandLine\":[\"whoami /all\",7,null],"
                + "\"Image\":\"C:\\\\whoami.exe\"}",
            "{\"nobody\":\"knows\",\"this\":[{\"shape\":true}]}");
    payloads.forEach(p -> pipeline.send(envelope("odd", p).build()));
    pipeline.awaitSent();

    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 5);
    await().atMost(PATIENCE).until(() -> pipeline.alerts() == 4);
    assertThat(pipeline.deadLetters()).isEmpty();
    assertThat(pipeline.number("SELECT max(toUnixTimestamp64Micro(time)) FROM events"))
        .isEqualTo(ingest);
  }

  @Test
  void eventsOfManyYearsInOneBatchAreStored() throws Exception {
    int months = 40 * 12;
    for (int month = 0; month < months; month++) {
      String time = "%d-%02d-15T00:00:00Z".formatted(1985 + month / 12, 1 + month % 12);
      pipeline.send(envelope("old", "{\"@timestamp\":\"" + time + "\"}").build());
    }
    pipeline.awaitSent();

    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == months);
    assertThat(pipeline.number("SELECT uniqExact(toYYYYMM(time)) FROM events")).isEqualTo(months);
    assertThat(pipeline.deadLetters()).isEmpty();
  }

  @Test
  void anEventThatClickHouseRefusesIsADeadLetterAndTheRestIsStored() throws Exception {
    pipeline.text("ALTER TABLE events ADD CONSTRAINT picky CHECK host != 'poison'");
    TelemetryEvent poison = TestTelemetry.process("poison", 1, "C:\\whoami.exe", "whoami /all");
    for (int i = 0; i < 200; i++) {
      pipeline.send(i == 77 ? poison : notepad(i));
    }
    pipeline.awaitSent();

    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 199);
    await().atMost(PATIENCE).until(() -> pipeline.deadLetters().size() == 1);
    DeadLetter letter = pipeline.deadLetters().get(0);
    assertThat(letter.getCode()).isEqualTo("TW-E4201");
    assertThat(letter.getTenantId()).isEqualTo(TENANT);
    assertThat(TelemetryEvent.parseFrom(letter.getRecord())).isEqualTo(poison);
    assertThat(letter.getReason()).contains("picky");
    // Alerts and events go to ClickHouse in batches of their own.
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(pipeline.alerts()).as("its alert stands").isEqualTo(1));
  }

  @Test
  void lateEventsAreCountedAndTheFutureMakesNobodyLate() throws Exception {
    cluster.cancel();
    DetectionOptions quick =
        pipeline
            .options()
            .with(DetectionOptions.OUT_OF_ORDERNESS, Duration.ZERO)
            .with(DetectionOptions.IDLENESS, Duration.ofMillis(200));
    JobMetrics metrics =
        new JobMetrics(cluster.restAddress(), cluster.submitFrom(Optional.empty(), quick));
    String future = "{\"@timestamp\":\"2100-01-01T00:00:00Z\"}";
    pipeline.send(envelope("ws1", future).build());
    pipeline.awaitSent();
    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 1);
    await().atMost(PATIENCE).until(() -> metrics.max("match.currentInputWatermark") > 0);

    pipeline.send(whoami(100));
    pipeline.awaitSent();
    long watermark = TestTelemetry.START.plusSeconds(100).toEpochMilli() - 1;
    await().atMost(PATIENCE).until(() -> metrics.max("match.currentInputWatermark") == watermark);
    assertThat(metrics.sum("match.lateEvents")).isZero();

    pipeline.send(whoami(50));
    pipeline.awaitSent();
    await().atMost(PATIENCE).until(() -> metrics.sum("match.lateEvents") == 1);
    await().atMost(PATIENCE).until(() -> pipeline.alerts() == 2);
    await().atMost(PATIENCE).until(() -> metrics.sum("match.events") == 3);
    await().atMost(PATIENCE).until(() -> metrics.sum("match.alerts") == 2);
    assertThat(metrics.max("match.rules")).isEqualTo(2);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(pipeline.distinctEvents()).isEqualTo(3));
  }
}

package dev.tidewatch.control.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.pipeline.WatchedProbe.Outcome;
import dev.tidewatch.control.v1.PipelineHealth;
import dev.tidewatch.control.v1.PipelineHealth.Checkpoint;
import dev.tidewatch.control.v1.PipelineHealth.DeadLetterRow;
import dev.tidewatch.control.v1.PipelineHealth.LateSource;
import dev.tidewatch.control.v1.PipelineHealth.Status;
import dev.tidewatch.store.PipelineCounts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HealthHistoryTest {
  private static final Outcome<KafkaReading> NO_KAFKA =
      new Outcome<>(Optional.empty(), "Kafka does not answer");
  private static final Outcome<StoreReading> NO_STORE =
      new Outcome<>(Optional.empty(), "ClickHouse does not answer");

  private final HealthHistory history = new HealthHistory();

  @Test
  void ratesAreDifferencesOfWhatWasWritten() {
    look(1_000, kafka(100, 0), store(90, 900), running(0));
    PipelineHealth health = look(3_000, kafka(500, 0), store(480, 2_900), running(0));
    assertThat(health.getEventsInPerSecond()).isEqualTo(200);
    assertThat(health.getSamples(0).hasEventsInPerSecond()).isFalse();
    assertThat(health.getSamples(1).getEventsInPerSecond()).isEqualTo(200);
    assertThat(health.getStatus()).isEqualTo(Status.STATUS_OK);
    assertThat(health.getRules()).isEqualTo(7);
  }

  @Test
  void aGapStaysAGapAndWhatWasKnownStays() {
    look(1_000, kafka(100, 0), store(90, 900), running(0));
    PipelineHealth down = look(2_000, NO_KAFKA, NO_STORE, running(0));
    assertThat(down.getStatus()).isEqualTo(Status.STATUS_DOWN);
    assertThat(down.getEventsTotal()).isEqualTo(90);
    assertThat(down.getSamples(1).hasEventsInPerSecond()).isFalse();
    assertThat(down.getSamples(1).hasEventsStoredPerSecond()).isFalse();
    assertThat(down.getSamples(1).hasLagSeconds()).isFalse();
    assertThat(component(down, "kafka")).isEqualTo("STATUS_DOWN Kafka does not answer");

    PipelineHealth back = look(3_000, kafka(900, 0), store(880, 2_900), running(0));
    assertThat(back.getSamples(2).hasEventsInPerSecond())
        .as("the rate across the gap is not known")
        .isFalse();
  }

  @Test
  void aTopicMadeAnewHasNoNegativeRate() {
    look(1_000, kafka(100, 0), store(90, 900), running(0));
    PipelineHealth health = look(2_000, kafka(10, 0), store(90, 900), running(0));
    assertThat(health.getSamples(1).hasEventsInPerSecond()).isFalse();
  }

  @Test
  void theRunningJobsOwnCountGoesBeforeCommittedOffsets() {
    assertThat(look(1_000, kafka(100, 60), store(90, 900), running(5)).getConsumerLagRecords())
        .isEqualTo(5);
    assertThat(
            look(2_000, kafka(100, 60), store(90, 900), job("RESTARTING", 5))
                .getConsumerLagRecords())
        .isEqualTo(60);
    assertThat(
            look(3_000, kafka(100, 60), store(90, 900), Optional.empty()).getConsumerLagRecords())
        .isEqualTo(60);
  }

  @Test
  void lagIsTheAgeOfTheNewestStoredEventWhileRecordsWait() {
    assertThat(look(41_000, kafka(100, 0), store(90, 1_000), running(0)).getLagSeconds()).isZero();
    PipelineHealth behind = look(42_000, kafka(100, 9), store(90, 1_000), running(9));
    assertThat(behind.getLagSeconds()).isEqualTo(41);
    assertThat(behind.getSamples(1).getLagSeconds()).isEqualTo(41);
    assertThat(behind.getStatus()).isEqualTo(Status.STATUS_DEGRADED);
    assertThat(component(behind, "detection-job"))
        .isEqualTo("STATUS_DEGRADED 41 s behind: alerts may be missing");
  }

  @Test
  void theJobsStateIsSaidInWords() {
    assertThat(component(look(60_000, kafka(1, 0), store(1, 1), running(0)), "detection-job"))
        .isEqualTo("STATUS_OK running for 1 min, 2 restarts");
    assertThat(component(look(1, kafka(1, 0), store(1, 1), job("FAILED", 0)), "detection-job"))
        .isEqualTo("STATUS_DOWN the job is failed, 2 restarts");
    assertThat(component(look(1, kafka(1, 0), store(1, 1), job("", 0)), "detection-job"))
        .isEqualTo("STATUS_DOWN no detection job was submitted");
    PipelineHealth noFlink = look(1, kafka(1, 0), store(1, 1), Optional.empty());
    assertThat(component(noFlink, "flink")).startsWith("STATUS_UNSPECIFIED");
    assertThat(noFlink.getStatus()).isEqualTo(Status.STATUS_OK);
    assertThat(noFlink.getStagesList()).isEmpty();
    Outcome<FlinkReading> away =
        new Outcome<>(Optional.empty(), "Flink's REST API does not answer");
    assertThat(look(1, kafka(1, 0), store(1, 1), Optional.of(away)).getStatus())
        .isEqualTo(Status.STATUS_DOWN);
  }

  @Test
  void theLast360SamplesAreKept() {
    PipelineHealth health = PipelineHealth.getDefaultInstance();
    for (int n = 1; n <= 400; n++) {
      health = look(n * 1_000L, kafka(n, 0), store(n, n), running(0));
    }
    assertThat(health.getSamplesList()).hasSize(360);
    assertThat(health.getSamples(0).getTimeMs()).isEqualTo(41_000);
    assertThat(health.getSamples(359).getTimeMs()).isEqualTo(400_000);
    assertThat(health.getRecentDeadLettersList()).hasSize(1);
    assertThat(health.getLastCheckpoint().getId()).isEqualTo(3);
    assertThat(health.getCheckpointsList()).singleElement().returns(4L, Checkpoint::getId);
    assertThat(health.getLateBySourceList()).singleElement().returns(2L, LateSource::getLateEvents);
    assertThat(health.getStages(0).getWaiting()).isZero();
    assertThat(health.hasMatchedEvents()).as("Flink did not tell").isFalse();
  }

  private PipelineHealth look(
      long timeMs,
      Outcome<KafkaReading> kafka,
      Outcome<StoreReading> store,
      Optional<Outcome<FlinkReading>> flink) {
    return history.add(new Look(timeMs, kafka, store, flink), 7);
  }

  private static Outcome<KafkaReading> kafka(long written, long uncommitted) {
    return new Outcome<>(Optional.of(new KafkaReading(written, OptionalLong.of(uncommitted))), "");
  }

  private static Outcome<StoreReading> store(long events, long newestIngestMs) {
    PipelineCounts counts =
        new PipelineCounts(events, 4, 1, newestIngestMs, newestIngestMs, 5, 6, 0);
    return new Outcome<>(
        Optional.of(
            new StoreReading(
                counts,
                List.of(DeadLetterRow.getDefaultInstance()),
                List.of(LateSource.newBuilder().setLateEvents(2).setEvents(9).build()))),
        "");
  }

  private static Optional<Outcome<FlinkReading>> running(long pending) {
    return job("RUNNING", pending);
  }

  private static Optional<Outcome<FlinkReading>> job(String state, long pending) {
    FlinkReading reading =
        new FlinkReading(
            state,
            0,
            Optional.of(Checkpoint.newBuilder().setId(3).build()),
            List.of(Checkpoint.newBuilder().setId(4).setStatus("failed").build()),
            2,
            Map.of(JobFigure.PENDING, pending),
            OptionalDouble.empty());
    return Optional.of(new Outcome<>(Optional.of(reading), ""));
  }

  private static String component(PipelineHealth health, String name) {
    return health.getComponentsList().stream()
        .filter(component -> component.getName().equals(name))
        .map(component -> component.getStatus() + " " + component.getDetail())
        .findFirst()
        .orElseThrow();
  }
}

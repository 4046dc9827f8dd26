package dev.tidewatch.control.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.control.v1.PipelineHealth.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JobStagesTest {
  private final JobStages stages = new JobStages();

  @Test
  void stagesStandInTheEventsWayWithTheirErrors() {
    List<Stage> told = stages.add(1_000, job(0, 100));
    assertThat(told)
        .extracting(Stage::getName)
        .containsExactly("source", "parse", "match", "remember", "alert");
    assertThat(told.get(0).getWaiting()).isEqualTo(17);
    assertThat(told.get(1).getErrors()).isEqualTo(3);
    assertThat(told.get(2).getBusyShare()).isEqualTo(0.4);
    assertThat(told.get(3).hasErrors()).as("what Flink does not tell is absent").isFalse();
    assertThat(told).noneMatch(Stage::hasRecordsPerSecond);
  }

  @Test
  void ratesLookBackOverAMinute() {
    stages.add(0, job(0, 0));
    assertThat(read(stages.add(30_000, job(0, 3_000)))).hasValue(100);
    stages.add(61_000, job(0, 9_200));
    // From the look at 30 s on: the one at 0 has left the window.
    assertThat(read(stages.add(90_000, job(0, 9_000 + 6_000)))).hasValue(200);
  }

  @Test
  void anotherRunOfTheJobBeginsAnew() {
    stages.add(0, job(0, 1_000));
    stages.add(5_000, job(0, 2_000));
    assertThat(read(stages.add(10_000, job(1, 10)))).as("restarted").isEmpty();
    assertThat(read(stages.add(12_000, job(1, 30)))).hasValue(10);
    assertThat(read(stages.add(14_000, job(1, 5)))).as("counted less than before").isEmpty();
  }

  @Test
  void aJobThatDoesNotRunHasNoStages() {
    stages.add(0, job(0, 1_000));
    assertThat(stages.add(1_000, FlinkReading.NO_JOB)).isEmpty();
    assertThat(read(stages.add(2_000, job(0, 1_000)))).isEmpty();
  }

  private static OptionalDouble read(List<Stage> stages) {
    Stage parse = stages.get(1);
    return parse.hasRecordsPerSecond()
        ? OptionalDouble.of(parse.getRecordsPerSecond())
        : OptionalDouble.empty();
  }

  private static FlinkReading job(long restarts, long read) {
    return new FlinkReading(
        "RUNNING",
        5,
        Optional.empty(),
        List.of(),
        restarts,
        Map.of(JobFigure.READ, read, JobFigure.PENDING, 17L, JobFigure.UNREADABLE, 3L),
        OptionalDouble.of(0.4));
  }
}

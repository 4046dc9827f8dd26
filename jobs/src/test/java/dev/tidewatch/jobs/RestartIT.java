package dev.tidewatch.jobs;

import static dev.tidewatch.jobs.TestTelemetry.notepad;
import static dev.tidewatch.jobs.TestTelemetry.whoami;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.v1.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Flink that dies and starts again: alerts in Kafka and rows in ClickHouse stay exactly once. */
class RestartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @TempDir Path checkpoints;
  private LocalCluster cluster;
  private Pipeline pipeline;

  @BeforeEach
  void start() throws Exception {
    pipeline = new Pipeline(KAFKA.bootstrapServers(), CLICKHOUSE.url());
    startFlink();
    send(0, 1_000);
    await().atMost(PATIENCE).until(() -> pipeline.committedAlerts().size() == 20);
  }

  private void startFlink() throws Exception {
    cluster = LocalCluster.start(new Configuration(), checkpoints, 0, 2);
    cluster.submit(pipeline.options());
  }

  @AfterEach
  void stop() {
    cluster.close();
    pipeline.close();
  }

  private void send(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      pipeline.send(i % 50 == 0 ? whoami(i) : notepad(i));
    }
    pipeline.awaitSent();
  }

  private void assertExactlyOnce(int events) throws Exception {
    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == events);
    await().atMost(PATIENCE).until(() -> pipeline.committedAlerts().size() >= events / 50);
    assertThat(pipeline.events()).isEqualTo(events);
    assertThat(pipeline.alerts()).isEqualTo(events / 50);
    assertThat(pipeline.committedAlerts())
        .extracting(Alert::getAlertId)
        .doesNotHaveDuplicates()
        .hasSize(events / 50);
  }

  @Test
  void aTaskManagerThatDiesLosesAndDoublesNothing() throws Exception {
    send(1_000, 5_000);
    cluster.miniCluster().terminateTaskManager(0).get();
    cluster.miniCluster().startTaskManager();
    send(5_000, 8_000);

    assertExactlyOnce(8_000);
  }

  @Test
  void aProcessThatDiesGoesOnFromItsNewestCheckpoint() throws Exception {
    send(1_000, 5_000);
    cluster.close();
    send(5_000, 8_000);
    startFlink();

    assertExactlyOnce(8_000);
  }

  @Test
  void aJobThatIsStoppedHasCommittedEverythingItRead() throws Exception {
    send(1_000, 2_000);
    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 2_000);
    cluster.stop(PATIENCE);

    assertThat(cluster.status()).contains(JobStatus.FINISHED);
    assertThat(pipeline.committedAlerts()).hasSize(40);
    cluster.close();
    startFlink();
    send(2_000, 3_000);
    assertExactlyOnce(3_000);
  }

  @Test
  void aBrokenCheckpointIsPassedOver() throws Exception {
    // The one that will be broken is behind the one that committed the alerts.
    long committed = awaitCheckpointBehind(0);
    long unused = awaitCheckpointBehind(committed);
    cluster.close();
    List<Path> metadata = metadataNewestFirst();
    Files.write(metadata.get(0), new byte[] {1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);
    send(1_000, 2_000);
    startFlink();

    assertExactlyOnce(2_000);
  }

  @Test
  void withoutAnyReadableCheckpointTheCommittedOffsetsAreWhereItGoesOn() throws Exception {
    cluster.close();
    for (Path metadata : metadataNewestFirst()) {
      Files.write(metadata, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    }
    send(1_000, 2_000);
    startFlink();

    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 2_000);
    assertThat(pipeline.events()).isEqualTo(2_000);
    await().atMost(PATIENCE).until(() -> pipeline.alerts() == 40);
  }

  /** The number of the newest checkpoint, which is above {@code number}. */
  private long awaitCheckpointBehind(long number) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptions() // Flink deletes old ones while the directory is looked through.
        .until(this::newestCheckpoint, newest -> newest > number);
  }

  private long newestCheckpoint() throws IOException {
    Path directory = metadataNewestFirst().get(0).getParent();
    return Long.parseLong(directory.getFileName().toString().replace("chk-", ""));
  }

  private List<Path> metadataNewestFirst() throws IOException {
    try (Stream<Path> files = Files.walk(checkpoints)) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .sorted(
              java.util.Comparator.comparing((Path file) -> file.toFile().lastModified())
                  .reversed())
          .toList();
    }
  }
}

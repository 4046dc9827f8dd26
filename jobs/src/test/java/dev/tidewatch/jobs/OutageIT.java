package dev.tidewatch.jobs;

import static dev.tidewatch.jobs.TestTelemetry.notepad;
import static dev.tidewatch.jobs.TestTelemetry.whoami;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.junit.ClickHouseExtension;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.embedded.junit.SmallDisk;
import dev.tidewatch.events.v1.Alert;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Servers that go away and come back: nothing is lost, nothing hangs, nothing comes twice. */
class OutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @RegisterExtension static final ClickHouseExtension CLICKHOUSE = new ClickHouseExtension();
  @TempDir static Path checkpoints;
  @TempDir Path stopped;
  private static LocalCluster cluster;
  private Pipeline pipeline;

  @BeforeAll
  static void startFlink() {
    cluster = LocalCluster.start(new Configuration(), checkpoints, 0, 2);
  }

  @AfterAll
  static void stopFlink() {
    cluster.close();
  }

  @BeforeEach
  void submit() throws Exception {
    pipeline = new Pipeline(KAFKA.bootstrapServers(), CLICKHOUSE.url());
    cluster.submitFrom(Optional.empty(), pipeline.options());
    send(0, 500);
    await().atMost(PATIENCE).until(() -> pipeline.distinctEvents() == 500);
  }

  @AfterEach
  void cancel() {
    cluster.cancel();
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
    await().atMost(PATIENCE).until(() -> pipeline.alerts() == events / 50);
    await().atMost(PATIENCE).until(() -> pipeline.committedAlerts().size() >= events / 50);
    assertThat(pipeline.events()).isEqualTo(events);
    assertThat(pipeline.committedAlerts())
        .extracting(Alert::getAlertId)
        .doesNotHaveDuplicates()
        .hasSize(events / 50);
    assertThat(pipeline.deadLetters()).isEmpty();
  }

  @Test
  void clickHouseStopsAndComesBack() throws Exception {
    CLICKHOUSE.clickHouse().stop();
    try {
      send(500, 20_000);
      await()
          .during(Duration.ofSeconds(6))
          .atMost(PATIENCE)
          .until(() -> cluster.status().orElseThrow() == JobStatus.RUNNING);
    } finally {
      CLICKHOUSE.clickHouse().start();
    }

    assertExactlyOnce(20_000);
  }

  @Test
  void clickHouseIsKilledAndComesBack() throws Exception {
    CLICKHOUSE.clickHouse().kill();
    try {
      send(500, 2_000);
    } finally {
      CLICKHOUSE.clickHouse().start();
    }

    assertExactlyOnce(2_000);
  }

  @Test
  void kafkaStopsAndComesBack() throws Exception {
    KAFKA.kafka().stop();
    try {
      await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> !KAFKA.kafka().isAlive());
    } finally {
      KAFKA.kafka().start();
    }
    send(500, 2_000);

    assertExactlyOnce(2_000);
  }

  @Test
  void theDiskOfClickHouseIsFullForAWhile() throws Exception {
    Optional<SmallDisk> mounted = SmallDisk.tryMount(256);
    assumeTrue(mounted.isPresent(), "not permitted to mount a tmpfs");
    try (SmallDisk disk = mounted.get();
        EmbeddedClickHouse small = EmbeddedClickHouse.start(disk.directory(), 0);
        Pipeline filling = new Pipeline(KAFKA.bootstrapServers(), small.url())) {
      cluster.cancel();
      cluster.submitFrom(Optional.empty(), filling.options());
      filling.send(whoami(0));
      await().atMost(PATIENCE).until(() -> filling.distinctEvents() == 1);
      disk.fill();
      for (int i = 1; i < 2_000; i++) {
        filling.send(notepad(i));
      }
      filling.awaitSent();
      await()
          .during(Duration.ofSeconds(3))
          .atMost(PATIENCE)
          .until(() -> cluster.status().orElseThrow() == JobStatus.RUNNING);
      disk.free();

      await().atMost(PATIENCE).until(() -> filling.distinctEvents() == 2_000);
      assertThat(filling.events()).isEqualTo(2_000);
      // Alerts have batches of their own, which a full disk holds up on their own.
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(filling.alerts()).isEqualTo(1));
      assertThat(filling.deadLetters()).isEmpty();
      cluster.cancel();
    }
  }

  @Test
  void stoppingWhileClickHouseIsAwayNeitherHangsNorLoses() throws Exception {
    cluster.cancel();
    pipeline.close();
    pipeline = new Pipeline(KAFKA.bootstrapServers(), CLICKHOUSE.url());
    LocalCluster own = LocalCluster.start(new Configuration(), stopped, 0, 1);
    own.submit(pipeline.options());
    send(0, 500);
    await().atMost(PATIENCE).until(() -> pipeline.committedAlerts().size() == 10);
    CLICKHOUSE.clickHouse().stop();
    try {
      send(500, 1_500);
      assertTimeoutPreemptively(
          PATIENCE,
          () -> {
            own.stop(Duration.ofSeconds(2));
            own.close();
          });
    } finally {
      CLICKHOUSE.clickHouse().start();
    }
    try (LocalCluster again = LocalCluster.start(new Configuration(), stopped, 0, 1)) {
      again.submit(pipeline.options());
      assertExactlyOnce(1_500);
    }
  }
}

package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.cli.demo.DemoScenario;
import dev.tidewatch.cli.demo.TimedEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} and {@code replay} as their users run them. */
class UpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void countsEqualThoseOfDetectAndSurviveRestartAndKill() throws Exception {
    Path events = scenarioFile();
    long sent = Files.readAllLines(events).size();
    long expected =
        CommandRun.of("detect", "--events", events.toString(), "-o", "ndjson")
            .out()
            .lines()
            .count();
    assertThat(expected).isPositive();
    Path data = directory.resolve("data");

    try (UpProcess up = UpProcess.start(data)) {
      RunningStack stack = up.ready();
      refusesASecondOne(data);
      CommandRun replay =
          CommandRun.of("replay", "--data", data.toString(), "--events", events.toString());
      assertThat(replay.exitCode()).as(replay.err()).isZero();
      assertThat(replay.out()).contains("0 refused by Kafka");
      awaitCounts(stack, sent, expected);
      String alerts = "/v1/tenants/default/alerts?page_size=1";
      assertThat(up.get(stack, alerts).path("total").asLong()).isEqualTo(expected);
      assertThat(UpProcess.statusWithoutKey(stack, alerts)).isEqualTo(401);
      assertThat(up.output()).contains("Sign in as  admin");
      up.terminate();
      assertThat(up.exit()).as(up.output()).isIn(0, 130, 143);
    }

    try (UpProcess up = UpProcess.start(data)) {
      awaitCounts(up.ready(), sent, expected);
      assertThat(up.output()).as("the password is shown once").doesNotContain("Sign in as");
      CommandRun.of("replay", "--data", data.toString(), "--events", events.toString());
      up.kill();
      up.exit();
    }

    try (UpProcess up = UpProcess.start(data)) {
      RunningStack stack = up.ready();
      // Each replay is new telemetry: its events get ids of their own where they enter.
      awaitCounts(stack, 2 * sent, 2 * expected);
    }
  }

  @Test
  void namesATakenPortBeforeAnythingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        UpProcess up =
            UpProcess.start(
                directory.resolve("data"), "--clickhouse-port", "" + taken.getLocalPort())) {
      assertThat(up.exit()).isEqualTo(Tidewatch.FAILED);
      assertThat(up.output())
          .contains(
              "port " + taken.getLocalPort() + " for ClickHouse is taken", "--clickhouse-port")
          .hasLineCount(1);
    }
  }

  private static void refusesASecondOne(Path data) throws IOException, InterruptedException {
    try (UpProcess second = UpProcess.start(data)) {
      assertThat(second.exit()).isEqualTo(Tidewatch.FAILED);
      assertThat(second.output()).contains(data.toString(), "in use by process", "--data");
    }
  }

  private static void awaitCounts(RunningStack stack, long events, long alerts) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              assertThat(
                      UpProcess.query(
                          stack, "SELECT count(), uniqExact(event_id) FROM events FINAL"))
                  .isEqualTo(events + "\t" + events);
              assertThat(
                      UpProcess.query(
                          stack, "SELECT count(), uniqExact(alert_id) FROM alerts FINAL"))
                  .isEqualTo(alerts + "\t" + alerts);
            });
  }

  /** The attack and a part of the noise, as a file. */
  private Path scenarioFile() throws IOException {
    DemoScenario scenario = DemoScenario.load();
    Instant begin = Instant.now().minus(scenario.length());
    StringBuilder lines = new StringBuilder();
    for (TimedEvent event : scenario.events()) {
      if (event.hint().equals(dev.tidewatch.events.LogSource.UNKNOWN)) {
        byte[] payload = event.payloadAt(begin.plusMillis(event.atMillis()));
        lines.append(new String(payload, StandardCharsets.UTF_8)).append('\n');
      }
    }
    return Files.writeString(directory.resolve("scenario.ndjson"), lines);
  }
}

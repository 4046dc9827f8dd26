package dev.tidewatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.AgentFiles;
import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.embedded.LoopbackPort;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidewatch gateway} as its users run it: a process in front of a Kafka elsewhere. */
class GatewayCommandIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @TempDir Path directory;

  @BeforeAll
  static void topic() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
  }

  private Path onlyLogs(Path log) throws Exception {
    StringBuilder text = new StringBuilder("logs.files = " + log + "\nlogs.interval = 20ms\n");
    text.append("logs.from-beginning = on\nrespond.quarantine-file = on\n");
    for (String off : List.of("process", "network", "file", "journal", "osquery", "inventory")) {
      text.append(off).append(".enabled = off\n");
    }
    return Files.writeString(directory.resolve("agent.properties"), text);
  }

  private static void awaitSpoolEmpty(AgentProcess agent) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                agent.status().path("connected").asBoolean()
                    && agent.status().path("spool_events").asInt(-1) == 0);
  }

  @Test
  void enrolsTakesStopsAndComesBack() throws Exception {
    int port = LoopbackPort.free();
    Path place = directory.resolve("gateway");
    Path log = Files.writeString(directory.resolve("some.log.txt"), "one\n");
    Path state = directory.resolve("agent");
    Path configuration = onlyLogs(log);
    GatewayProcess gateway = GatewayProcess.start(place, KAFKA.bootstrapServers(), port);
    Identity identity =
        new AgentRun(new AgentFiles(state, configuration))
            .enroll("127.0.0.1:" + port, gateway.mintToken("alone"));
    AgentProcess agent = AgentProcess.start(state, configuration);
    try {
      awaitSpoolEmpty(agent);

      // Ctrl-C: it says goodbye, and leaves nothing that would lead a command astray.
      assertThat(gateway.terminate()).isIn(0, 143);
      assertThat(gateway.log()).contains("Stopping");
      assertThat(place.resolve("gateway.json")).doesNotExist();
      Files.write(log, "two\n".getBytes(UTF_8), StandardOpenOption.APPEND);
      gateway = GatewayProcess.start(place, KAFKA.bootstrapServers(), port);
      awaitSpoolEmpty(agent);

      // SIGKILL: it has to find everything on the disk.
      gateway.kill();
      Files.write(log, "three\n".getBytes(UTF_8), StandardOpenOption.APPEND);
      gateway = GatewayProcess.start(place, KAFKA.bootstrapServers(), port);
      awaitSpoolEmpty(agent);
      // What the agent says of itself may be from before the kill: the gateway knows.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                CommandRun list = CommandRun.of("respond", "--directory", place.toString());
                assertThat(list.exitCode()).as(list.err()).isZero();
                assertThat(list.out()).contains(identity.agentId(), "\"connected\" : true");
              });

      // The agent dies between what it was told to do and its report.
      Path victim = Files.writeString(directory.toRealPath().resolve("malware"), "bad");
      Thread sending =
          new Thread(
              () ->
                  CommandRun.of(
                      "respond",
                      "--directory",
                      place.toString(),
                      identity.agentId(),
                      "quarantine-file",
                      victim.toString(),
                      "--wait",
                      "1"));
      sending.start();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> !Files.exists(victim));
      agent.kill();
      sending.join();
      Files.writeString(victim, "another file under the same name");
      agent = AgentProcess.start(state, configuration);
      Path journal = place.resolve("commands.ndjson");
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                String lines = Files.readString(journal);
                return lines.contains("COMMAND_STATUS_SUCCEEDED") || lines.contains("interrupted");
              });
      awaitSpoolEmpty(agent);
      assertThat(victim).as("not carried out twice").exists();
      assertThat(Files.readString(journal)).doesNotContain("COMMAND_STATUS_REFUSED");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(state.resolve("replies")).isEmptyDirectory());
    } finally {
      agent.close();
      gateway.close();
    }
  }

  @Test
  void saysWhatIsWrongWithItsLimitsAndNamesThemInItsHelp() throws Exception {
    CommandRun wrong =
        CommandRun.of(
            "gateway",
            "--kafka",
            KAFKA.bootstrapServers(),
            "--directory",
            directory.resolve("g").toString(),
            "--max-block-bytes",
            "1",
            "--max-connections-per-address",
            "0",
            "--idle-timeout",
            "5");
    assertThat(wrong.exitCode()).isEqualTo(Tidewatch.USAGE);
    assertThat(wrong.err())
        .contains(
            "gateway.max-block-bytes",
            "gateway.max-connections-per-address",
            "gateway.heartbeat-interval");
    assertThat(CommandRun.of("gateway", "--help").out())
        .contains(
            "--max-handshakes-per-address", "--slow-client-timeout", "--database-url", "Examples");
  }
}

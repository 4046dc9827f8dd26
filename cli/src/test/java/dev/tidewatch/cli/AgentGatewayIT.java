package dev.tidewatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.agent.AgentFiles;
import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.control.gateway.Gateway;
import dev.tidewatch.control.gateway.GatewayOptions;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import dev.tidewatch.ingest.v1.Command;
import dev.tidewatch.ingest.v1.CommandResult;
import dev.tidewatch.ingest.v1.CommandStatus;
import dev.tidewatch.ingest.v1.QuarantineFile;
import dev.tidewatch.ingest.v1.RestoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process, the gateway, a real Kafka: from a log line to the topic. */
class AgentGatewayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @TempDir static Path directory;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    gateway =
        Gateway.start(
            GatewayOptions.builder(directory.resolve("gateway"), KAFKA.bootstrapServers()).build());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static Identity enroll(Path state, String tenant) throws IOException {
    String token = gateway.administration().mintToken(tenant, Duration.ofMinutes(5));
    return new AgentRun(new AgentFiles(state, directory.resolve("none")))
        .enroll("127.0.0.1:" + gateway.port(), token);
  }

  /** Only the log file, so that nothing else is counted. */
  private static Path onlyLogs(String name, Path log) throws IOException {
    StringBuilder text = new StringBuilder("logs.files = " + log + "\nlogs.interval = 20ms\n");
    text.append("logs.from-beginning = on\nlogs.rate = 0\nbatch.max-events = 40\n");
    for (String off : List.of("process", "network", "file", "journal", "osquery", "inventory")) {
      text.append(off).append(".enabled = off\n");
    }
    return Files.writeString(directory.resolve(name + ".properties"), text);
  }

  @Test
  void whatWasAcknowledgedIsThereOnceThoughTheAgentIsKilled() throws Exception {
    Path state = directory.resolve("killed");
    Path log = directory.resolve("killed.log.txt");
    Path configuration = onlyLogs("killed", log);
    Files.createFile(log);
    enroll(state, "killed");
    int written = 0;
    for (int round = 0; round < 4; round++) {
      AgentProcess agent = AgentProcess.start(state, configuration);
      try {
        long before = events("killed").size();
        for (int i = 0; i < 60; i++) {
          written = append(log, written, 50);
          TimeUnit.MILLISECONDS.sleep(2);
        }
        await().atMost(PATIENCE).until(() -> events("killed").size() > before + 200);
        // In the middle: more is being read, sent and acknowledged.
        written = append(log, written, 2000);
      } finally {
        agent.kill();
      }
    }
    int all = written;
    try (AgentProcess agent = AgentProcess.start(state, configuration)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(lines(events("killed"))).hasSize(all));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(agent.status().path("spool_events").asInt(-1)).isZero());
      assertThat(agent.status().path("events_dropped").asInt()).isZero();
    }
    // By event id: what the gateway acknowledged was never sent again under another id.
    Map<ByteString, Integer> copies = new HashMap<>();
    for (TelemetryEvent event : events("killed")) {
      copies.merge(event.getEventId(), 1, Integer::sum);
    }
    assertThat(copies.values()).as("acknowledged batches are not sent twice").containsOnly(1);
    assertThat(lines(events("killed"))).first().isEqualTo("line 0000000");
  }

  @Test
  void aCommandOfTheGatewayQuarantinesAFileAndGivesItBack() throws Exception {
    Path state = directory.resolve("commanded");
    Path log = directory.resolve("commanded.log.txt");
    Path configuration = onlyLogs("commanded", log);
    Files.createFile(log);
    Path victim = Files.writeString(directory.toRealPath().resolve("malware.sh"), "echo bad");
    Identity identity = enroll(state, "commanded");
    try (AgentProcess agent = AgentProcess.start(state, configuration)) {
      await()
          .atMost(PATIENCE)
          .until(() -> gateway.administration().isConnected(identity.agentId()));
      CommandResult taken =
          result(
              identity,
              Command.newBuilder()
                  .setQuarantineFile(QuarantineFile.newBuilder().setPath(victim.toString()))
                  .build());
      assertThat(taken.getStatus())
          .as(taken.getDetail())
          .isEqualTo(CommandStatus.COMMAND_STATUS_SUCCEEDED);
      assertThat(victim).doesNotExist();
      assertThat(taken.getEvidence(0).getSizeBytes()).isEqualTo(8);

      CommandResult back =
          result(
              identity,
              Command.newBuilder()
                  .setRestoreFile(RestoreFile.newBuilder().setQuarantineId(taken.getQuarantineId()))
                  .build());
      assertThat(back.getCode()).as(back.getDetail()).isEqualTo("done");
      assertThat(victim).hasContent("echo bad");
      await().atMost(PATIENCE).until(() -> agent.status().path("connected").asBoolean());
    }
  }

  private static CommandResult result(Identity identity, Command wish) throws Exception {
    return gateway
        .administration()
        .command(identity.agentId(), wish, PATIENCE)
        .result()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static int append(Path log, int from, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      text.append("line %07d\n".formatted(i));
    }
    Files.write(log, text.toString().getBytes(UTF_8), StandardOpenOption.APPEND);
    return from + count;
  }

  private static Set<String> lines(List<TelemetryEvent> events) {
    Set<String> lines = new TreeSet<>();
    for (TelemetryEvent event : events) {
      String payload = event.getPayload().toStringUtf8();
      int at = payload.indexOf("line ");
      lines.add(payload.substring(at, at + 12));
    }
    return lines;
  }

  private static List<TelemetryEvent> events(String tenant) throws InvalidProtocolBufferException {
    Map<String, Object> options =
        Map.of(
            "bootstrap.servers",
            KAFKA.bootstrapServers(),
            "auto.offset.reset",
            "earliest",
            "fetch.max.wait.ms",
            50,
            "isolation.level",
            "read_committed");
    TopicPartition partition = new TopicPartition(Topics.TELEMETRY, 0);
    List<TelemetryEvent> events = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(options, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          TelemetryEvent event = TelemetryEvent.parseFrom(record.value());
          if (event.getTenantId().equals(tenant)) {
            events.add(event);
          }
        }
      }
    }
    return events;
  }
}

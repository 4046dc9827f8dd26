package dev.tidewatch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidewatch.agent.AgentFiles;
import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.embedded.LoopbackPort;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.TelemetryEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a line in a log to its row in {@code events}, with every part a process of its own and one
 * after the other killed or cut off in the middle: the agent, the network, the gateway, and broker,
 * job and all.
 */
class AgentFaultsIT {
  private static final int LINES = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(150);
  @TempDir Path directory;
  private Path log;
  private int written;

  @Test
  void everyLineIsThereOnceThoughEverythingIsKilled() throws Exception {
    faults(1, Duration.ofSeconds(3));
  }

  @Test
  @EnabledIfSystemProperty(named = "tidewatch.nightly", matches = "true")
  void everyLineIsThereOnceAfterMinutesWithoutNetworkAndBroker() throws Exception {
    faults(3, Duration.ofSeconds(100));
  }

  private void faults(int rounds, Duration away) throws Exception {
    Path data = directory.resolve("data");
    int kafkaPort = LoopbackPort.free();
    int gatewayPort = LoopbackPort.free();
    String kafka = "127.0.0.1:" + kafkaPort;
    Path place = directory.resolve("gateway");
    UpProcess up = UpProcess.start(data, "--kafka-port", "" + kafkaPort);
    GatewayProcess gateway = null;
    AgentProcess agent = null;
    try (TcpProxy network = TcpProxy.to(gatewayPort)) {
      RunningStack stack = up.ready();
      gateway = GatewayProcess.start(place, kafka, gatewayPort);
      Path state = directory.resolve("agent");
      Path configuration = onlyLogs();
      new AgentRun(new AgentFiles(state, directory.resolve("none")))
          .enroll("127.0.0.1:" + network.port(), gateway.mintToken("faults"));
      agent = AgentProcess.start(state, configuration);
      awaitDelivered(kafka);
      for (int round = 0; round < rounds; round++) {
        // The agent dies while it sends.
        append(LINES);
        agent.kill();
        append(LINES);
        agent = AgentProcess.start(state, configuration);
        awaitDelivered(kafka);

        // Connections are reset in the middle.
        append(LINES);
        network.reset();
        awaitDelivered(kafka);

        // Packets vanish without a word, for a while.
        append(LINES);
        network.cut();
        append(LINES);
        long before = network.accepted();
        TimeUnit.MILLISECONDS.sleep(away.toMillis());
        network.heal();
        append(LINES);
        awaitDelivered(kafka);
        assertThat(network.accepted()).isGreaterThan(before);
        // It tried again, but not all the time: the pauses grow.
        assertThat(network.accepted() - before).isLessThan(10 + away.toSeconds());

        // The gateway dies while it takes.
        append(LINES);
        gateway.kill();
        append(LINES);
        gateway = GatewayProcess.start(place, kafka, gatewayPort);
        awaitDelivered(kafka);

        // Broker, job, store and the rest die; the gateway and the agent hold on.
        append(LINES);
        up.kill();
        up.exit();
        append(LINES);
        if (away.toSeconds() > 60) {
          TimeUnit.SECONDS.sleep(60);
          assertThat(gateway.residentMegabytes()).as("held back, not piled up").isLessThan(500);
        }
        up = UpProcess.start(data, "--kafka-port", "" + kafkaPort);
        stack = up.ready();
        awaitDelivered(kafka);
      }
      RunningStack last = stack;
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(() -> assertThat(lines(last)).isEqualTo("" + written));
      String where = "FROM events FINAL WHERE tenant_id = 'faults'";
      assertThat(UpProcess.query(stack, "SELECT count() " + where)).isEqualTo("" + written);
      assertThat(UpProcess.query(stack, "SELECT uniqExact(event_id) " + where))
          .isEqualTo("" + written);
      // In the topic each event is there by its id, and they are in the log's order.
      assertThat(delivered(kafka)).hasSize(written).doesNotHaveDuplicates().isSorted();
      assertThat(agent.status().path("events_dropped").asInt(-1)).isZero();
    } finally {
      closeAll(agent, gateway, up);
    }
  }

  private static void closeAll(AutoCloseable... parts) throws Exception {
    for (AutoCloseable part : parts) {
      if (part != null) {
        part.close();
      }
    }
  }

  private static String lines(RunningStack stack) throws IOException, InterruptedException {
    return UpProcess.query(
        stack,
        "SELECT uniqExact(extract(payload, 'line [0-9]{7}')) FROM events WHERE tenant_id ="
            + " 'faults'");
  }

  private Path onlyLogs() throws IOException {
    log = Files.createFile(directory.resolve("faults.log.txt"));
    StringBuilder text = new StringBuilder("logs.files = " + log + "\nlogs.interval = 20ms\n");
    text.append("logs.from-beginning = on\nlogs.rate = 0\nbatch.max-events = 20\n");
    text.append("send.keepalive = 3s\n");
    for (String off : List.of("process", "network", "file", "journal", "osquery", "inventory")) {
      text.append(off).append(".enabled = off\n");
    }
    return Files.writeString(directory.resolve("agent.properties"), text);
  }

  private void append(int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("line %07d\n".formatted(written++));
    }
    Files.write(log, text.toString().getBytes(UTF_8), StandardOpenOption.APPEND);
  }

  /** A line that is written now reaches the topic: everything in between works. */
  private void awaitDelivered(String kafka) throws IOException {
    append(1);
    int last = written - 1;
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> delivered(kafka).contains(last));
  }

  /** The lines in the topic, each event once by its id, in the order of their first time there. */
  private static List<Integer> delivered(String kafka) throws Exception {
    List<Integer> order = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Map<String, Object> options =
        Map.of(
            "bootstrap.servers",
            kafka,
            "fetch.max.wait.ms",
            50,
            "isolation.level",
            "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(options, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.TELEMETRY).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          TelemetryEvent event = TelemetryEvent.parseFrom(record.value());
          if (event.getTenantId().equals("faults")
              && ids.add(EventIds.uuid(event.getEventId()).toString())) {
            String payload = event.getPayload().toStringUtf8();
            int at = payload.indexOf("line ") + 5;
            order.add(Integer.valueOf(payload.substring(at, at + 7)));
          }
        }
      }
    }
    return order;
  }
}

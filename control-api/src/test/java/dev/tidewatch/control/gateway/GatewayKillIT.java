package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.embedded.LoopbackPort;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.EventIds;
import dev.tidewatch.events.Topics;
import dev.tidewatch.ingest.v1.AgentEvent;
import dev.tidewatch.ingest.v1.Batch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is killed in mid-stream, and comes back with its enrolments. */
class GatewayKillIT {
  private static final int BATCHES = 300;
  private static final int EVENTS = 20;
  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @TempDir Path directory;

  private record Running(Process process, int port, String token) {}

  private Running start(int port) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                GatewayProcessMain.class.getName(),
                directory.resolve("gateway").toString(),
                KAFKA.bootstrapServers(),
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("ready ")) {
        String[] words = line.split(" ");
        return new Running(process, Integer.parseInt(words[1]), words[2]);
      }
    }
    throw new IOException("the gateway did not start");
  }

  @Test
  void everyEventIsInKafkaUnderItsOneIdAfterKills() throws Exception {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    List<Batch> spool = spool();
    Running gateway = start(LoopbackPort.free());
    try (TestAgent agent = TestAgent.enroll(gateway.port(), gateway.token())) {
      long acknowledged = 0;
      for (int kill = 1; kill <= 2; kill++) {
        TestAgent.Line line = agent.connect((byte) 1, acknowledged);
        // Everything is on its way when the process dies after a third of it.
        spool.stream().skip(acknowledged).limit(BATCHES / 2).forEach(line::send);
        acknowledged =
            Math.max(acknowledged, line.acknowledged(kill * (BATCHES / 3)).getSequence());
        assertThat(gateway.process().destroyForcibly().waitFor(60, TimeUnit.SECONDS)).isTrue();
        line.ended();
        for (var message = line.received.poll(); message != null; message = line.received.poll()) {
          if (message.hasAcknowledgement()) {
            acknowledged = message.getAcknowledgement().getSequence();
          }
        }
        gateway = start(gateway.port());
      }
      TestAgent.Line line = agent.connect((byte) 1, acknowledged);
      spool.stream().skip(acknowledged).forEach(line::send);
      line.acknowledged(BATCHES);
    } finally {
      gateway.process().destroyForcibly();
    }
    Set<String> expected = new LinkedHashSet<>();
    spool.forEach(
        batch ->
            batch
                .getPlain()
                .getEventsList()
                .forEach(event -> expected.add(id(event.getEventId()))));
    Set<String> found = new LinkedHashSet<>();
    Telemetry.of(KAFKA.bootstrapServers(), "kill")
        .forEach(event -> found.add(id(event.getEventId())));
    assertThat(found).containsExactlyElementsOf(expected);
  }

  private static String id(com.google.protobuf.ByteString bytes) {
    return EventIds.uuid(bytes).toString();
  }

  private static List<Batch> spool() {
    List<Batch> batches = new ArrayList<>();
    for (int i = 1; i <= BATCHES; i++) {
      AgentEvent[] events = new AgentEvent[EVENTS];
      for (int j = 0; j < EVENTS; j++) {
        events[j] = TestAgent.event("k" + i + "-" + j);
      }
      batches.add(TestAgent.batch(i, events));
    }
    return batches;
  }
}

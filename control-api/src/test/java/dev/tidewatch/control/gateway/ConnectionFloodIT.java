package dev.tidewatch.control.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.ClientFactory;
import dev.tidewatch.control.gateway.agent.StreamTimeouts;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.control.gateway.syslog.SyslogListener;
import dev.tidewatch.embedded.junit.KafkaExtension;
import dev.tidewatch.events.Topics;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One address takes what it can get; the others must not notice. */
class ConnectionFloodIT {
  private static final int CONNECTIONS = 60;
  private static final int HANDSHAKES = 20;
  private static final int STREAMS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The flood comes from here; agents of the test come from 127.0.0.1. */
  private static final String FLOOD = "127.0.0.9";

  @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();
  @TempDir static Path directory;
  private static Gateway gateway;
  private final List<Socket> flood = new ArrayList<>();

  @BeforeAll
  static void start() {
    KAFKA.kafka().createTopic(Topics.TELEMETRY, 1);
    GatewayLimits usual = GatewayLimits.DEFAULT;
    gateway =
        Gateway.start(
            GatewayOptions.builder(directory.resolve("gateway"), KAFKA.bootstrapServers())
                .limits(
                    new GatewayLimits(
                        usual.maxMessageBytes(),
                        usual.maxBlockBytes(),
                        usual.maxBlockEvents(),
                        usual.maxPayloadBytes(),
                        usual.maxCompressionRatio(),
                        usual.maxHeaderBytes(),
                        usual.maxJsonDepth(),
                        usual.maxSyslogBytes(),
                        200,
                        CONNECTIONS,
                        HANDSHAKES,
                        STREAMS,
                        usual.maxStreamsPerConnection(),
                        usual.inFlightBytes(),
                        usual.streamWindowBytes()))
                .timeouts(
                    new StreamTimeouts(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(200)))
                .syslog(List.of(new SyslogListener(0, false, "flooded", ZoneOffset.UTC)))
                .build());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void dry() throws IOException {
    for (Socket socket : flood) {
      socket.close();
    }
  }

  private void connect(int port, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(InetAddress.getByName(FLOOD), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
      flood.add(socket);
    }
  }

  /** How many the gateway has not closed. */
  private long open() {
    return flood.stream().filter(ConnectionFloodIT::isOpen).count();
  }

  private static boolean isOpen(Socket socket) {
    try {
      socket.setSoTimeout(1);
      InputStream in = socket.getInputStream();
      return in.read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void serveOthers(String tenant) {
    try (TestAgent agent = TestAgent.enroll(gateway, tenant)) {
      TestAgent.Line line = agent.connect((byte) 1, 0);
      line.send(TestAgent.batch(1, TestAgent.event("in the middle of a flood")));
      line.acknowledged(1);
    }
  }

  @Test
  void halfOpenHandshakesOfOneAddressAreFewAndShort() throws Exception {
    connect(gateway.port(), 300);
    await().atMost(PATIENCE).until(() -> open() <= HANDSHAKES);
    serveOthers("half-open");
    // Half a ClientHello does not help them.
    connect(gateway.port(), HANDSHAKES);
    for (Socket socket : flood) {
      try {
        socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1, 0});
      } catch (IOException e) {
        // It is closed already.
      }
    }
    await().atMost(PATIENCE).until(() -> open() == 0);
    String metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.localPort() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    assertThat(metrics)
        .containsPattern("tidewatch_gateway_refused_connections_total\\{reason=\"address\"} [1-9]")
        .containsPattern(
            "tidewatch_gateway_refused_connections_total\\{reason=\"handshake\"} [1-9]");
    serveOthers("half-open");
  }

  @Test
  void manyConnectionsOfOneAddressLeaveRoomForOthers() throws Exception {
    int syslog = gateway.syslogPorts().get(0);
    connect(syslog, 150);
    await().atMost(PATIENCE).until(() -> open() <= CONNECTIONS);
    assertThat(open()).isPositive();
    serveOthers("connections");
    try (Socket other = new Socket(InetAddress.getLoopbackAddress(), syslog)) {
      other
          .getOutputStream()
          .write(
              "<34>Oct 11 22:14:15 mymachine su: in a flood\n".getBytes(StandardCharsets.US_ASCII));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Telemetry.payloads(KAFKA.bootstrapServers(), "flooded").stream()
                      .anyMatch(payload -> payload.contains("in a flood")));
    }
  }

  @Test
  void oneAgentHasOnlySoManyStreams() {
    try (TestAgent greedy = TestAgent.enroll(gateway, "streams");
        ClientFactory connection = TestAgent.factory(greedy)) {
      List<TestAgent.Line> lines = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        lines.add(greedy.open(connection));
      }
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  lines.stream()
                          .filter(line -> line.end.isDone())
                          .filter(
                              line -> line.end.join().getCode() == Status.Code.RESOURCE_EXHAUSTED)
                          .count()
                      >= 20);
      // The others say nothing and end soon.
      await().atMost(PATIENCE).until(() -> lines.stream().allMatch(line -> line.end.isDone()));
      serveOthers("streams");
      TestAgent.Line again = greedy.connect((byte) 1, 0);
      again.send(TestAgent.batch(1, TestAgent.event("it may go on")));
      again.acknowledged(1);
    }
  }
}

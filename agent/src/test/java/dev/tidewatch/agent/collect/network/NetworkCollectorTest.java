package dev.tidewatch.agent.collect.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidewatch.agent.collect.RecordingSink;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class NetworkCollectorTest {
  private static NetworkCollector collector(boolean diag) {
    return new NetworkCollector(NetworkOptions.DEFAULT.withDiag(diag));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsBothEndsOfAConnectionOnce(boolean diag) throws Exception {
    RecordingSink sink = new RecordingSink();
    NetworkCollector collector = collector(diag);
    try (Sockets sockets = collector.open()) {
      bothEnds(collector, sockets, sink);
    }
  }

  private static void bothEnds(NetworkCollector collector, Sockets sockets, RecordingSink sink)
      throws Exception {
    collector.look(sockets, sink.emitter("network"));
    sink.clear();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      assertThat(accepted.isConnected()).isTrue();
      collector.look(sockets, sink.emitter("network"));
      String port = "\"DestinationPort\":" + server.getLocalPort();
      List<String> ours =
          sink.of("network_connection").stream().filter(json -> json.contains(port)).toList();
      assertThat(ours).hasSize(2);
      assertThat(ours)
          .allSatisfy(
              json ->
                  assertThat(json)
                      .contains("\"DestinationIp\":\"127.0.0.1\"")
                      .contains("\"SourceIp\":\"127.0.0.1\"")
                      .contains("\"SourcePort\":" + client.getLocalPort())
                      .contains("\"Protocol\":\"tcp\"")
                      .contains("\"ProcessId\":" + ProcessHandle.current().pid())
                      .containsPattern("\"Image\":\"[^\"]*java\""));
      assertThat(ours).filteredOn(json -> json.contains("\"Initiated\":\"true\"")).hasSize(1);
      assertThat(ours).filteredOn(json -> json.contains("\"Initiated\":\"false\"")).hasSize(1);
      sink.clear();
      collector.look(sockets, sink.emitter("network"));
      assertThat(sink.payloads()).noneMatch(json -> json.contains(port));
    }
  }

  @Test
  void hearsOfConnectionsThatNoLookCouldSee() throws Exception {
    RecordingSink sink = new RecordingSink();
    NetworkCollector collector = collector(true);
    try (Sockets sockets = collector.open()) {
      assumeTrue(sockets instanceof DiagSockets, "no sock_diag here");
      collector.look(sockets, sink.emitter("network"));
      sink.clear();
      int port;
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        port = server.getLocalPort();
        collector.look(sockets, sink.emitter("network"));
        try (Socket client = new Socket(server.getInetAddress(), port);
            Socket accepted = server.accept()) {
          assertThat(client.isConnected() && accepted.isConnected()).isTrue();
        }
      }
      String told = "\"DestinationPort\":" + port;
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                collector.closed(sockets.closed(100), sink.emitter("network"));
                return sink.of("network_connection").stream().filter(j -> j.contains(told)).count()
                    == 2;
              });
      assertThat(sink.of("network_connection").stream().filter(json -> json.contains(told)))
          .allSatisfy(
              json ->
                  assertThat(json)
                      .contains("\"DestinationIp\":\"127.0.0.1\"")
                      .contains("\"Protocol\":\"tcp\"")
                      .contains("\"User\":")
                      .doesNotContain("ProcessId"));
    }
  }

  @Test
  void aConnectionThatALookHasSeenIsNotToldAgainWhenItIsClosed() throws Exception {
    RecordingSink sink = new RecordingSink();
    NetworkCollector collector = collector(false);
    SocketEntry open = new SocketEntry("tcp", "10.0.0.1", 4000, "10.0.0.2", 443, 1, 0, 7);
    SocketEntry closed = new SocketEntry("tcp", "10.0.0.1", 4000, "10.0.0.2", 443, 7, 0, 0);
    SocketEntry again = new SocketEntry("tcp", "10.0.0.1", 4000, "10.0.0.2", 443, 1, 0, 8);
    collector.look(new GivenSockets(List.of(open)), sink.emitter("network"));
    collector.closed(List.of(closed), sink.emitter("network"));
    assertThat(sink.events()).hasSize(1);
    collector.look(new GivenSockets(List.of(again)), sink.emitter("network"));
    assertThat(sink.events()).as("the same ends, another socket").hasSize(2);
  }

  private record GivenSockets(List<SocketEntry> read) implements Sockets {
    @Override
    public List<SocketEntry> closed(int timeoutMillis) {
      return List.of();
    }

    @Override
    public void close() {}
  }

  @Test
  void readsAnythingAsADiagMessage() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      if (bytes.length >= 16) {
        buffer.putInt(0, random.nextInt(bytes.length + 8)).putShort(4, (short) 20);
      }
      List<SocketEntry> into = new ArrayList<>();
      assertThat(DiagMessage.parse(buffer, bytes.length, 6, 0, into)).isNotNull();
      assertThat(into.size()).isLessThanOrEqualTo(bytes.length / 72);
    }
  }

  @Test
  void readsTheKernelsTables() {
    assertThat(
            SocketTable.parse(
                "   1: 0100007F:1F90 0500A8C0:01BB 01 00000000:00000000 00:00000000 00000000"
                    + "  1000        0 31337 1 0000000000000000 20 4 30 10 -1",
                "tcp"))
        .contains(new SocketEntry("tcp", "127.0.0.1", 8080, "192.168.0.5", 443, 1, 1000, 31337));
    assertThat(
            SocketTable.parse(
                    "   0: 0000000000000000FFFF00000100007F:0016"
                        + " 0000000000000000FFFF00000200007F:C350 01 00000000:00000000 00:00000000"
                        + " 00000000     0        0 7 1 0",
                    "tcp")
                .orElseThrow()
                .remoteAddress())
        .isEqualTo("127.0.0.2");
    assertThat(SocketTable.parse("  sl  local_address rem_address   st", "tcp")).isEmpty();
    assertThat(SocketTable.parse("0: ZZ:1 YY:2 a b c d e f g", "tcp")).isEmpty();
  }
}

package dev.tidewatch.agent.collect.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewatch.agent.collect.RecordingSink;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NetworkCollectorTest {
  @Test
  void tellsBothEndsOfAConnectionOnce() throws Exception {
    RecordingSink sink = new RecordingSink();
    NetworkCollector collector = new NetworkCollector(NetworkOptions.DEFAULT);
    collector.look(sink.emitter("network"));
    sink.clear();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      assertThat(accepted.isConnected()).isTrue();
      collector.look(sink.emitter("network"));
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
      collector.look(sink.emitter("network"));
      assertThat(sink.payloads()).noneMatch(json -> json.contains(port));
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

package dev.tidewatch.benchmarks.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Free ports on loopback, one for each thing that listens; they stay the same over restarts. */
record ChaosPorts(
    int kafka, int clickHouse, int zooKeeper, int rpc, int blob, int rest, int haRpc) {
  static ChaosPorts free() throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 7; i++) {
        open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      int[] ports = open.stream().mapToInt(ServerSocket::getLocalPort).toArray();
      return new ChaosPorts(ports[0], ports[1], ports[2], ports[3], ports[4], ports[5], ports[6]);
    } finally {
      for (ServerSocket socket : open) {
        socket.close();
      }
    }
  }
}

package dev.tidewatch.agent.collect.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code /proc/net}, where sock_diag is not to be had. */
public final class ProcSockets implements Sockets {
  private final Path net;

  /**
   * @param proc where the proc file system is
   */
  public ProcSockets(Path proc) {
    this.net = proc.resolve("net");
  }

  @Override
  public List<SocketEntry> read() throws IOException {
    List<SocketEntry> sockets = new ArrayList<>();
    for (String protocol : List.of("tcp", "udp")) {
      sockets.addAll(SocketTable.read(net.resolve(protocol), protocol));
      sockets.addAll(SocketTable.read(net.resolve(protocol + "6"), protocol));
    }
    return sockets;
  }

  @Override
  public List<SocketEntry> closed(int timeoutMillis) throws InterruptedException {
    Thread.sleep(timeoutMillis);
    return List.of();
  }

  @Override
  public void close() {}
}

package dev.tidewatch.agent.collect.process;

import dev.tidewatch.agent.collect.kernel.NetlinkSocket;
import java.io.IOException;
import java.util.List;

/**
 * The kernel's process connector: a netlink socket on which the kernel tells of every fork, exec
 * and exit. Needs CAP_NET_ADMIN and the initial network namespace.
 */
final class ProcessConnector implements AutoCloseable {
  private static final int CN_IDX_PROC = 1;
  private static final int QUEUE = 4 << 20;
  private static final int DATAGRAM = 8192;

  /** An interrupt is noticed this often. */
  private static final int WAKE_MILLIS = 500;

  private final NetlinkSocket socket;

  private ProcessConnector(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Subscribes.
   *
   * @throws IOException when the kernel refuses, saying why
   */
  static ProcessConnector open() throws IOException {
    NetlinkSocket socket =
        NetlinkSocket.open(
            "the process connector", NetlinkSocket.CONNECTOR, CN_IDX_PROC, DATAGRAM, QUEUE);
    try {
      socket.send(ConnectorMessage.listen());
      return new ProcessConnector(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The next signals; none when nothing happened for half a second. */
  List<ProcessSignal> receive() throws IOException {
    int length = socket.receive(WAKE_MILLIS);
    return length == NetlinkSocket.OVERRUN
        ? List.of(new ProcessSignal.Overrun())
        : ConnectorMessage.parse(socket.buffer(), length);
  }

  @Override
  public void close() {
    socket.close();
  }
}

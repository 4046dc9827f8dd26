package dev.tidewatch.agent.collect.network;

import dev.tidewatch.agent.collect.kernel.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the kernel over netlink (sock_diag), which costs a fraction of reading {@code /proc/net};
 * and hears of every socket that is destroyed, however short it lived.
 */
public final class DiagSockets implements Sockets {
  /** Multicast groups of destroyed sockets: TCP and UDP, of both families. */
  private static final int DESTROYED = 0b1111;

  /** All but TIME_WAIT (6), which has no socket any more, and NEW_SYN_RECV (12). */
  private static final int TCP_STATES = 0xFFF & ~(1 << 6);

  /** Established: it has a remote end. Closed: it waits for anybody. */
  private static final int UDP_STATES = 1 << 1 | 1 << 7;

  private static final int BUFFER = 32 << 10;
  private static final int QUEUE = 1 << 20;
  private static final int ANSWER_MILLIS = 2000;

  private final NetlinkSocket asking;
  private final NetlinkSocket hearing;
  private int sequence;

  private DiagSockets(NetlinkSocket asking, NetlinkSocket hearing) {
    this.asking = asking;
    this.hearing = hearing;
  }

  /**
   * @throws IOException where the kernel has it not, saying why
   */
  public static DiagSockets open() throws IOException {
    NetlinkSocket asking =
        NetlinkSocket.open("sock_diag", NetlinkSocket.SOCK_DIAG, 0, BUFFER, QUEUE);
    try {
      NetlinkSocket hearing =
          NetlinkSocket.open(
              "sock_diag of closed sockets", NetlinkSocket.SOCK_DIAG, DESTROYED, BUFFER, QUEUE);
      DiagSockets opened = new DiagSockets(asking, hearing);
      try {
        var unused = opened.dump(DiagMessage.AF_INET, DiagMessage.TCP, 1 << SocketEntry.LISTENING);
        return opened;
      } catch (IOException e) {
        hearing.close();
        throw e;
      }
    } catch (IOException e) {
      asking.close();
      throw e;
    }
  }

  @Override
  public List<SocketEntry> read() throws IOException {
    List<SocketEntry> all = dump(DiagMessage.AF_INET, DiagMessage.TCP, TCP_STATES);
    all.addAll(dump(DiagMessage.AF_INET6, DiagMessage.TCP, TCP_STATES));
    all.addAll(dump(DiagMessage.AF_INET, DiagMessage.UDP, UDP_STATES));
    all.addAll(dump(DiagMessage.AF_INET6, DiagMessage.UDP, UDP_STATES));
    return all;
  }

  private List<SocketEntry> dump(int family, int protocol, int states) throws IOException {
    List<SocketEntry> found = new ArrayList<>();
    sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
    asking.send(DiagMessage.question(family, protocol, states, sequence));
    while (true) {
      int length = asking.receive(ANSWER_MILLIS);
      if (length == 0) {
        throw new IOException("sock_diag does not answer");
      }
      if (length == NetlinkSocket.OVERRUN) {
        throw new IOException("sock_diag has more sockets than fit its queue");
      }
      switch (DiagMessage.parse(asking.buffer(), length, protocol, sequence, found)) {
        case MORE -> {}
        case DONE -> {
          return found;
        }
        case REFUSED -> {
          if (family == DiagMessage.AF_INET6) {
            // A kernel without IPv6.
            return found;
          }
          throw new IOException("this kernel has no sock_diag for protocol " + protocol);
        }
      }
    }
  }

  @Override
  public List<SocketEntry> closed(int timeoutMillis) throws IOException {
    List<SocketEntry> found = new ArrayList<>();
    int length = hearing.receive(timeoutMillis);
    while (length > 0) {
      var unused = DiagMessage.parse(hearing.buffer(), length, DiagMessage.TCP, 0, found);
      length = found.size() < 1000 ? hearing.receive(0) : 0;
    }
    // After an overrun the next look shows what is left; those that were lost were short.
    return found;
  }

  @Override
  public void close() {
    asking.close();
    hearing.close();
  }
}

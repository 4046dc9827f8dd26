package dev.tidewatch.agent.collect.process;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernel's process connector: a netlink socket on which the kernel tells of every fork, exec
 * and exit. Needs CAP_NET_ADMIN and the initial network namespace.
 */
final class ProcessConnector implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int NETLINK_CONNECTOR = 11;
  private static final int CN_IDX_PROC = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ENOBUFS = 105;
  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final int DATAGRAM = 8192;

  private final int socket;
  private final byte[] datagram = new byte[DATAGRAM];
  private final ReentrantLock open = new ReentrantLock();
  private boolean closed;

  private ProcessConnector(int socket) {
    this.socket = socket;
  }

  /**
   * Subscribes.
   *
   * @throws IOException when the kernel refuses, saying why
   */
  static ProcessConnector open() throws IOException {
    try {
      int socket = LibC.socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
      ProcessConnector connector = new ProcessConnector(socket);
      try {
        connector.subscribe();
        return connector;
      } catch (LastErrorException e) {
        connector.close();
        throw e;
      }
    } catch (LastErrorException e) {
      throw new IOException(
          "the process connector is not permitted (" + e.getMessage() + "): run as root", e);
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("no process connector on this platform", e);
    }
  }

  private void subscribe() {
    option(SO_RCVBUFFORCE, ints(RECEIVE_BUFFER));
    // Wakes now and then, so that an interrupt is noticed.
    ByteBuffer halfSecond = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    option(SO_RCVTIMEO, halfSecond.putLong(0).putLong(500_000).array());
    ByteBuffer address = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
    address.putShort((short) AF_NETLINK).putShort((short) 0).putInt(0).putInt(CN_IDX_PROC);
    int unusedBound = LibC.bind(socket, address.array(), 12);
    byte[] listen = ConnectorMessage.listen();
    long unusedSent = LibC.send(socket, listen, listen.length, 0);
  }

  private void option(int name, byte[] value) {
    int unused = LibC.setsockopt(socket, SOL_SOCKET, name, value, value.length);
  }

  private static byte[] ints(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  /** The next signals; none when nothing happened for half a second. */
  List<ProcessSignal> receive() throws IOException {
    open.lock();
    try {
      if (closed) {
        throw new IOException("the process connector is closed");
      }
      int length = (int) LibC.recv(socket, datagram, datagram.length, 0);
      return ConnectorMessage.parse(datagram, length);
    } catch (LastErrorException e) {
      return switch (e.getErrorCode()) {
        case EAGAIN, EINTR -> List.of();
        case ENOBUFS -> List.of(new ProcessSignal.Overrun());
        default -> throw new IOException("the process connector failed: " + e.getMessage(), e);
      };
    } finally {
      open.unlock();
    }
  }

  @Override
  public void close() {
    open.lock();
    try {
      if (!closed) {
        closed = true;
        int unused = LibC.close(socket);
      }
    } finally {
      open.unlock();
    }
  }

  /** The calls, mapped directly: an interface would cost a proxy each. */
  private static final class LibC {
    static {
      Native.register(LibC.class, "c");
    }

    static native int socket(int domain, int type, int protocol) throws LastErrorException;

    static native int setsockopt(int socket, int level, int name, byte[] value, int length)
        throws LastErrorException;

    static native int bind(int socket, byte[] address, int length) throws LastErrorException;

    static native long send(int socket, byte[] bytes, long length, int flags)
        throws LastErrorException;

    static native long recv(int socket, byte[] bytes, long length, int flags)
        throws LastErrorException;

    static native int close(int descriptor) throws LastErrorException;
  }
}

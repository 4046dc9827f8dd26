package dev.tidewatch.agent.collect.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A socket on which the kernel talks. */
public final class NetlinkSocket extends Readable {
  /** {@code NETLINK_SOCK_DIAG}. */
  public static final int SOCK_DIAG = 4;

  /** {@code NETLINK_CONNECTOR}. */
  public static final int CONNECTOR = 11;

  /** Bytes of the header of every message: length, type, flags, sequence, port. */
  public static final int HEADER = 16;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int MSG_DONTWAIT = 0x40;

  private NetlinkSocket(String what, int socket, int bufferBytes) {
    super(what, socket, bufferBytes);
  }

  /**
   * Opens a socket.
   *
   * @param what for messages, e.g. {@code the process connector}
   * @param groups of the protocol to listen to, as bits
   * @param bufferBytes of the largest datagram
   * @param queueBytes that the kernel keeps for us; without CAP_NET_ADMIN fewer
   * @throws IOException when the kernel refuses, saying why
   */
  public static NetlinkSocket open(
      String what, int protocol, int groups, int bufferBytes, int queueBytes) throws IOException {
    try {
      int socket = LibC.socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
      NetlinkSocket opened = new NetlinkSocket(what, socket, bufferBytes);
      try {
        opened.queue(queueBytes);
        ByteBuffer address = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_NETLINK).putShort((short) 0).putInt(0).putInt(groups);
        int unused = LibC.bind(socket, address.array(), 12);
        return opened;
      } catch (LastErrorException e) {
        opened.close();
        throw e;
      }
    } catch (LastErrorException e) {
      throw new IOException(what + " is not permitted (" + e.getMessage() + "): run as root", e);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IOException("no such thing as " + what + " on this platform", e);
    }
  }

  private void queue(int bytes) {
    byte[] value = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(bytes).array();
    try {
      int unused = LibC.setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUFFORCE, value, 4);
    } catch (LastErrorException e) {
      int unused = LibC.setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUF, value, 4);
    }
  }

  /** Sends a message to the kernel. */
  public void send(byte[] message) throws IOException {
    try {
      long unused = LibC.send(descriptor(), message, message.length, 0);
    } catch (LastErrorException e) {
      throw new IOException("the kernel refuses a request: " + e.getMessage(), e);
    }
  }

  @Override
  long read(Memory into) {
    return LibC.recv(descriptor(), into, into.size(), MSG_DONTWAIT);
  }
}

package dev.tidewatch.agent.collect.network;

import dev.tidewatch.agent.collect.kernel.NetlinkSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Messages of {@code NETLINK_SOCK_DIAG}, as {@code linux/inet_diag.h} lays them out. A question:
 * netlink header (16), family, protocol, extensions, padding (1 each), states as bits (4), the id
 * of one socket (48, here nothing). An answer: netlink header, family, state, timer, retransmits (1
 * each), ports (2 each, network order), addresses (16 each), interface (4), cookie (8), expires,
 * queues (4 each), user (4), inode (4), then attributes.
 */
final class DiagMessage {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int TCP = 6;
  static final int UDP = 17;
  private static final int BY_FAMILY = 20;
  private static final int REQUEST_DUMP = 0x301;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int ANSWER = 72;
  private static final int ATTRIBUTE_PROTOCOL = 10;

  /** How an answer went on: there is more to come, that was all, the kernel does not want to. */
  enum End {
    MORE,
    DONE,
    REFUSED
  }

  private DiagMessage() {}

  /**
   * @param states those wanted, as bits of the kernel's TCP states
   */
  static byte[] question(int family, int protocol, int states, int sequence) {
    int length = NetlinkSocket.HEADER + 56;
    ByteBuffer message = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    message.putInt(length).putShort((short) BY_FAMILY).putShort((short) REQUEST_DUMP);
    message.putInt(sequence).putInt(0);
    message.put((byte) family).put((byte) protocol).put((byte) 0).put((byte) 0).putInt(states);
    return message.array();
  }

  /**
   * Reads the sockets of one datagram; what is none, or is cut off, is left out.
   *
   * @param protocol where the message does not say: {@link #TCP} or {@link #UDP}
   * @param sequence of the question; others' answers are left out. 0: there was no question
   */
  static End parse(
      ByteBuffer buffer, int length, int protocol, int sequence, List<SocketEntry> into) {
    int at = 0;
    while (length - at >= NetlinkSocket.HEADER) {
      int messageLength = buffer.getInt(at);
      int type = buffer.getShort(at + 4);
      if (messageLength < NetlinkSocket.HEADER || messageLength > length - at) {
        return End.MORE;
      }
      boolean ours = sequence == 0 || buffer.getInt(at + 8) == sequence;
      if (ours && type == NLMSG_DONE) {
        return End.DONE;
      }
      if (ours && type == NLMSG_ERROR) {
        return End.REFUSED;
      }
      if (ours && type == BY_FAMILY && messageLength >= NetlinkSocket.HEADER + ANSWER) {
        socket(buffer, at + NetlinkSocket.HEADER, at + messageLength, protocol, into);
      }
      at += (messageLength + 3) & ~3;
    }
    return End.MORE;
  }

  private static void socket(
      ByteBuffer buffer, int at, int end, int protocol, List<SocketEntry> into) {
    int family = buffer.get(at);
    if (family != AF_INET && family != AF_INET6) {
      return;
    }
    int meant = protocol(buffer, at + ANSWER, end, protocol);
    into.add(
        new SocketEntry(
            meant == UDP ? "udp" : "tcp",
            address(buffer, at + 8, family),
            port(buffer, at + 4),
            address(buffer, at + 24, family),
            port(buffer, at + 6),
            buffer.get(at + 1),
            buffer.getInt(at + 64),
            Integer.toUnsignedLong(buffer.getInt(at + 68))));
  }

  private static int protocol(ByteBuffer buffer, int from, int end, int otherwise) {
    int at = from;
    while (end - at >= 5) {
      int length = Short.toUnsignedInt(buffer.getShort(at));
      if (buffer.getShort(at + 2) == ATTRIBUTE_PROTOCOL && length >= 5) {
        return buffer.get(at + 4);
      }
      if (length < 4) {
        return otherwise;
      }
      at += (length + 3) & ~3;
    }
    return otherwise;
  }

  private static int port(ByteBuffer buffer, int at) {
    return Byte.toUnsignedInt(buffer.get(at)) << 8 | Byte.toUnsignedInt(buffer.get(at + 1));
  }

  /** An IPv4 address within IPv6 comes out as IPv4. */
  private static String address(ByteBuffer buffer, int at, int family) {
    byte[] bytes = new byte[family == AF_INET ? 4 : 16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = buffer.get(at + i);
    }
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are addresses", e);
    }
  }
}

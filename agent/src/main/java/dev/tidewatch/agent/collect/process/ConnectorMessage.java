package dev.tidewatch.agent.collect.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of the process connector, as {@code linux/cn_proc.h} lays them out: netlink header (16),
 * connector header (20), event (what, cpu, time, data).
 */
final class ConnectorMessage {
  static final int NETLINK_HEADER = 16;
  static final int CONNECTOR_HEADER = 20;
  private static final int EVENT_HEADER = 16;
  private static final int CN_IDX_PROC = 1;
  private static final int CN_VAL_PROC = 1;
  private static final int PROC_CN_MCAST_LISTEN = 1;
  private static final int NLMSG_DONE = 3;
  private static final int FORK = 0x00000001;
  private static final int EXEC = 0x00000002;
  private static final int EXIT = 0x80000000;

  private ConnectorMessage() {}

  /** The request for all events. */
  static byte[] listen() {
    int length = NETLINK_HEADER + CONNECTOR_HEADER + 4;
    ByteBuffer message = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    message.putInt(length).putShort((short) NLMSG_DONE).putShort((short) 0).putInt(0).putInt(0);
    message.putInt(CN_IDX_PROC).putInt(CN_VAL_PROC).putInt(0).putInt(0);
    message.putShort((short) 4).putShort((short) 0).putInt(PROC_CN_MCAST_LISTEN);
    return message.array();
  }

  /**
   * What one datagram says; what is no event, or cut off, is left out.
   *
   * @param buffer in the machine's byte order
   */
  static List<ProcessSignal> parse(ByteBuffer buffer, int length) {
    List<ProcessSignal> signals = new ArrayList<>(1);
    int at = 0;
    while (length - at >= NETLINK_HEADER + CONNECTOR_HEADER + EVENT_HEADER) {
      int messageLength = buffer.getInt(at);
      if (messageLength < NETLINK_HEADER || messageLength > length - at) {
        break;
      }
      int connector = at + NETLINK_HEADER;
      if (buffer.getInt(connector) == CN_IDX_PROC && buffer.getInt(connector + 4) == CN_VAL_PROC) {
        event(buffer, connector + CONNECTOR_HEADER, at + messageLength, signals);
      }
      at += (messageLength + 3) & ~3;
    }
    return signals;
  }

  private static void event(ByteBuffer buffer, int at, int end, List<ProcessSignal> into) {
    int data = at + EVENT_HEADER;
    int what = buffer.getInt(at);
    if (what == FORK && data + 16 <= end) {
      int child = buffer.getInt(data + 8);
      if (child == buffer.getInt(data + 12)) {
        into.add(new ProcessSignal.Forked(buffer.getInt(data + 4), child));
      }
    } else if (what == EXEC && data + 8 <= end) {
      into.add(new ProcessSignal.Executed(buffer.getInt(data + 4)));
    } else if (what == EXIT && data + 12 <= end) {
      int pid = buffer.getInt(data);
      if (pid == buffer.getInt(data + 4)) {
        into.add(new ProcessSignal.Exited(pid, buffer.getInt(data + 8)));
      }
    }
  }
}

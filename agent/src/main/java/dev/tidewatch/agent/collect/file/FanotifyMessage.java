package dev.tidewatch.agent.collect.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of fanotify, as {@code linux/fanotify.h} lays them out: length (4), version, reserved (1
 * each), length of this part (2), mask (8), descriptor, process (4 each); then pieces of type,
 * padding (1 each), length (2), and here file system id (8), length (4) and type (4) of a file
 * handle, the handle, and a name that ends with 0.
 *
 * @param directory how {@code Fanotify.mark} names it: from the file system id to the end of the
 *     handle
 * @param name of the entry; empty: the directory itself
 */
record FanotifyMessage(long mask, int pid, ByteBuffer directory, String name) {
  static final long DELETED_SELF = 0x400;
  static final long OVERFLOW = 0x4000;
  private static final int HEAD = 24;
  private static final int PIECE_HEAD = 4;
  private static final int HANDLE_AT = 16;
  private static final int DIRECTORY_AND_NAME = 2;
  private static final int DIRECTORY = 3;

  /**
   * @param buffer in the machine's byte order; what is cut off is left out
   */
  static List<FanotifyMessage> parse(ByteBuffer buffer, int length) {
    List<FanotifyMessage> messages = new ArrayList<>();
    int at = 0;
    while (length - at >= HEAD) {
      int messageLength = buffer.getInt(at);
      int head = Short.toUnsignedInt(buffer.getShort(at + 6));
      if (messageLength < HEAD || messageLength > length - at || head < HEAD) {
        break;
      }
      messages.add(message(buffer, at, head, messageLength));
      at += messageLength;
    }
    return messages;
  }

  private static FanotifyMessage message(ByteBuffer buffer, int at, int head, int length) {
    long mask = buffer.getLong(at + 8);
    int pid = buffer.getInt(at + 20);
    int end = at + length;
    int piece = at + head;
    while (end - piece >= PIECE_HEAD + HANDLE_AT) {
      int type = buffer.get(piece);
      int pieceEnd = piece + Short.toUnsignedInt(buffer.getShort(piece + 2));
      int from = piece + PIECE_HEAD;
      int handle = buffer.getInt(from + 8);
      boolean whole = handle >= 0 && pieceEnd <= end && handle <= pieceEnd - from - HANDLE_AT;
      if (whole && (type == DIRECTORY_AND_NAME || type == DIRECTORY)) {
        int nameAt = from + HANDLE_AT + handle;
        String name = type == DIRECTORY ? "" : name(buffer, nameAt, pieceEnd);
        return new FanotifyMessage(mask, pid, copy(buffer, from, nameAt), name);
      }
      if (pieceEnd <= piece) {
        break;
      }
      piece = pieceEnd;
    }
    return new FanotifyMessage(mask, pid, ByteBuffer.allocate(0), "");
  }

  private static String name(ByteBuffer buffer, int from, int end) {
    int to = from;
    while (to < end && buffer.get(to) != 0) {
      to++;
    }
    String name = StandardCharsets.UTF_8.decode(copy(buffer, from, to)).toString();
    return name.equals(".") ? "" : name;
  }

  private static ByteBuffer copy(ByteBuffer buffer, int from, int to) {
    ByteBuffer copy = ByteBuffer.allocate(to - from);
    for (int i = from; i < to; i++) {
      copy.put(buffer.get(i));
    }
    return copy.flip();
  }
}

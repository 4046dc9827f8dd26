package dev.tidewatch.agent.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the next whole record behind damage: the first place where length and sequence are possible
 * and the checksum is right.
 */
final class DamageScan {
  private static final int WINDOW = 64 << 10;

  private static final int MOST_EVENTS = 1 << 20;

  private final RandomAccessFile file;
  private final int maxRecordBytes;

  DamageScan(RandomAccessFile file, int maxRecordBytes) {
    this.file = file;
    this.maxRecordBytes = maxRecordBytes;
  }

  /**
   * @param position where the record {@code sequence} should begin
   * @return what is missing; null when nothing whole follows
   */
  Segment.@Nullable Hole from(long position, long sequence) throws IOException {
    long length = file.length();
    byte[] window = new byte[WINDOW];
    long at = position + 1;
    while (length - at >= Segment.RECORD_HEADER) {
      int count = (int) Math.min(WINDOW, length - at);
      file.seek(at);
      file.readFully(window, 0, count);
      ByteBuffer bytes = ByteBuffer.wrap(window);
      int last = count - Segment.RECORD_HEADER;
      for (int i = 0; i <= last; i++) {
        long found = bytes.getLong(i + 8);
        int size = bytes.getInt(i);
        boolean possible =
            size >= 0
                && size <= maxRecordBytes
                && found >= sequence
                && found - sequence <= 1 + (at + i - position) / Segment.RECORD_HEADER;
        if (possible && Segment.recordAt(file, at + i, maxRecordBytes) != null) {
          return new Segment.Hole(
              sequence, found, events(position, sequence, found, at + i), at + i);
        }
      }
      at += last + 1;
    }
    return null;
  }

  /** One record whose body alone is damaged still says how many events it had. */
  long events(long position, long from, long to, long end) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Segment.RECORD_HEADER);
    if (to == from + 1 && Segment.read(file, header, position)) {
      int events = header.getInt(24);
      boolean fits = position + Segment.RECORD_HEADER + header.getInt(0) == end;
      if (fits && header.getLong(8) == from && events >= 0 && events < MOST_EVENTS) {
        return events;
      }
    }
    return to - from;
  }
}

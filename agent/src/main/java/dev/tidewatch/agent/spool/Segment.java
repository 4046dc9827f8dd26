package dev.tidewatch.agent.spool;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of records with consecutive sequence numbers.
 *
 * <p>Header: magic {@code TWS1}, first sequence (8), events ever appended before it (8). Record:
 * length of the body (4), CRC32C of what follows (4), sequence (8), time in milliseconds (8),
 * events (4), body. All big endian. The file's name is its first sequence.
 *
 * <p>No {@code FileChannel}: an interrupt of one collector would close it for all.
 *
 * <p>Not thread-safe; {@link Spool} holds its lock around every call.
 */
final class Segment implements AutoCloseable {
  static final int HEADER = 20;
  static final int RECORD_HEADER = 28;
  static final int OVERHEAD = HEADER + RECORD_HEADER;
  static final String SUFFIX = ".seg";
  private static final int MAGIC = 0x54575331;
  private static final int CHECKED_HEADER = RECORD_HEADER - 8;

  private final Path path;
  private final long first;
  private final long eventsBefore;
  private final RandomAccessFile file;
  private long end = HEADER;
  private long next;
  private long firstMillis;
  private long lastMillis;

  /** Events in the first 1, 2, 3 ... records. */
  private long[] cumulative = new long[16];

  /** Where the reader is: every record before {@code readAt} was read. */
  private long readAt = HEADER;

  private long readNext;

  private Segment(Path path, long first, long eventsBefore, RandomAccessFile file) {
    this.path = path;
    this.first = first;
    this.eventsBefore = eventsBefore;
    this.file = file;
    this.next = first;
    this.readNext = first;
  }

  static Segment create(Path directory, long first, long eventsBefore) throws IOException {
    Path path = directory.resolve(String.format("%020d%s", first, SUFFIX));
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      file.setLength(0);
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      file.write(header.putInt(MAGIC).putLong(first).putLong(eventsBefore).array());
    } catch (IOException e) {
      file.close();
      Files.deleteIfExists(path);
      throw e;
    }
    return new Segment(path, first, eventsBefore, file);
  }

  /** What {@link #open} found. {@code segment} is null when not even the header is one. */
  record Opened(@Nullable Segment segment, long unreadableBytes) {}

  /** Opens a segment and checks every record; the first bad one ends it. */
  static Opened open(Path path, int maxRecordBytes) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (!read(file, header, 0) || header.getInt() != MAGIC) {
      long size = file.length();
      file.close();
      return new Opened(null, size);
    }
    Segment segment = new Segment(path, header.getLong(), header.getLong(), file);
    SpoolRecord record = segment.recordAt(segment.end, segment.next, maxRecordBytes);
    while (record != null) {
      segment.took(record.timeMillis(), record.events(), record.bytes().length);
      record = segment.recordAt(segment.end, segment.next, maxRecordBytes);
    }
    return new Opened(segment, file.length() - segment.end);
  }

  /** Cuts off what lies behind the last good record. */
  void truncateTail() throws IOException {
    file.setLength(end);
  }

  /**
   * Appends the record with sequence {@link #next()}.
   *
   * @throws IOException when it could not be written whole; the segment is as it was before
   */
  void append(long timeMillis, int events, byte[] body) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(RECORD_HEADER + body.length);
    record.putInt(body.length).putInt(0).putLong(next).putLong(timeMillis).putInt(events).put(body);
    record.putInt(4, crc(record.array(), 8));
    try {
      file.seek(end);
      file.write(record.array());
    } catch (IOException e) {
      file.setLength(end);
      throw e;
    }
    took(timeMillis, events, body.length);
  }

  private void took(long timeMillis, int events, int bodyBytes) {
    if (next == first) {
      firstMillis = timeMillis;
    }
    int index = (int) (next - first);
    if (index == cumulative.length) {
      cumulative = Arrays.copyOf(cumulative, index * 2);
    }
    cumulative[index] = events + (index == 0 ? 0 : cumulative[index - 1]);
    lastMillis = timeMillis;
    end += RECORD_HEADER + (long) bodyBytes;
    next++;
  }

  /** The record {@code sequence}; null when this segment does not hold it. */
  @Nullable SpoolRecord read(long sequence, int maxRecordBytes) throws IOException {
    if (sequence < first || sequence >= next) {
      return null;
    }
    if (sequence < readNext) {
      readAt = HEADER;
      readNext = first;
    }
    while (readNext < sequence) {
      skip();
    }
    SpoolRecord record = recordAt(readAt, sequence, maxRecordBytes);
    if (record != null) {
      readAt += RECORD_HEADER + (long) record.bytes().length;
      readNext++;
    }
    return record;
  }

  private void skip() throws IOException {
    ByteBuffer length = ByteBuffer.allocate(4);
    if (!read(file, length, readAt)) {
      throw new IOException(path + " ends before record " + readNext);
    }
    readAt += RECORD_HEADER + (long) length.getInt();
    readNext++;
  }

  private @Nullable SpoolRecord recordAt(long position, long sequence, int maxRecordBytes)
      throws IOException {
    ByteBuffer start = ByteBuffer.allocate(8);
    if (!read(file, start, position)) {
      return null;
    }
    int length = start.getInt();
    if (length < 0 || length > maxRecordBytes) {
      return null;
    }
    ByteBuffer checked = ByteBuffer.allocate(CHECKED_HEADER + length);
    if (!read(file, checked, position + 8) || crc(checked.array(), 0) != start.getInt()) {
      return null;
    }
    long found = checked.getLong();
    long timeMillis = checked.getLong();
    int events = checked.getInt();
    byte[] body = Arrays.copyOfRange(checked.array(), CHECKED_HEADER, CHECKED_HEADER + length);
    return found == sequence ? new SpoolRecord(sequence, timeMillis, events, body) : null;
  }

  /** Whether {@code into} could be filled. */
  private static boolean read(RandomAccessFile file, ByteBuffer into, long position)
      throws IOException {
    try {
      file.seek(position);
      file.readFully(into.array());
      return true;
    } catch (EOFException e) {
      return false;
    }
  }

  private static int crc(byte[] bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, bytes.length - from);
    return (int) crc.getValue();
  }

  void force() throws IOException {
    file.getFD().sync();
  }

  void delete() throws IOException {
    file.close();
    Files.deleteIfExists(path);
  }

  long first() {
    return first;
  }

  /** Sequence that the next record will have. */
  long next() {
    return next;
  }

  long bytes() {
    return end;
  }

  boolean isEmpty() {
    return next == first;
  }

  long firstMillis() {
    return firstMillis;
  }

  long lastMillis() {
    return lastMillis;
  }

  /** Events ever appended to the spool before this segment. */
  long eventsBefore() {
    return eventsBefore;
  }

  long events() {
    return eventsAbove(first - 1);
  }

  /** Events in the records with a higher sequence. */
  long eventsAbove(long sequence) {
    if (isEmpty() || sequence >= next - 1) {
      return 0;
    }
    long all = cumulative[(int) (next - 1 - first)];
    return sequence < first ? all : all - cumulative[(int) (sequence - first)];
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

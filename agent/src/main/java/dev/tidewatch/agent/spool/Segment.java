package dev.tidewatch.agent.spool;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of records with consecutive sequence numbers.
 *
 * <p>Header: magic {@code TWS1}, first sequence (8), events ever appended before it (8). Record:
 * length of the body (4), CRC32C of what follows (4), sequence (8), time in milliseconds (8),
 * events (4), body. All big endian. The file's name is its first sequence.
 *
 * <p>Damage costs the records it hit: what follows is found again by its checksum. What lies
 * between is a hole. The file's name counts where the header says otherwise.
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
  private long firstNanos;
  private long lastNanos;
  private final List<Hole> holes = new ArrayList<>();

  /** Events in the first 1, 2, 3 ... records. */
  private int[] cumulative = new int[16];

  /** Where the reader is: every record before {@code readAt} was read. */
  private long readAt = HEADER;

  private long readNext;

  /**
   * Records that cannot be read.
   *
   * @param from their first sequence
   * @param to the one behind their last; may be {@code from}: nothing but rubbish
   * @param events that were in them, as far as it can be said
   * @param resumeAt where the record {@code to} begins
   */
  record Hole(long from, long to, long events, long resumeAt) {}

  /** What lies behind the last record of a file. */
  enum Tail {
    NONE,
    /** The beginning of one record: the process died while it wrote it. */
    TORN,
    DAMAGED
  }

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

  /**
   * @param tail what is behind the last good record
   * @param tailBytes how much of it
   * @param headerIsGood whether the file's header agrees with its name
   */
  record Opened(Segment segment, Tail tail, long tailBytes, boolean headerIsGood) {}

  /**
   * Opens a segment and checks every record.
   *
   * @param toNanos what the monotonic clock showed at a time of a record
   */
  static Opened open(Path path, int maxRecordBytes, LongUnaryOperator toNanos) throws IOException {
    long first = first(path);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    boolean good = read(file, header, 0) && header.getInt() == MAGIC && header.getLong() == first;
    Segment segment = new Segment(path, first, good ? header.getLong() : -1, file);
    while (segment.takeOne(maxRecordBytes, toNanos)) {
      continue;
    }
    Tail tail = segment.tail(maxRecordBytes);
    return new Opened(segment, tail, Math.max(0, file.length() - segment.end), good);
  }

  /** The sequence in a file's name. */
  private static long first(Path path) throws IOException {
    String name = path.getFileName().toString();
    try {
      return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      throw new IOException(path + " is no segment of a spool: remove it", e);
    }
  }

  private boolean takeOne(int maxRecordBytes, LongUnaryOperator toNanos) throws IOException {
    SpoolRecord record = recordAt(end, next, maxRecordBytes);
    if (record == null) {
      Hole hole = new DamageScan(file, maxRecordBytes).from(end, next);
      if (hole == null) {
        return false;
      }
      skip(hole);
      record = recordAt(end, next, maxRecordBytes);
    }
    if (record == null) {
      return false;
    }
    long nanos = toNanos.applyAsLong(record.timeMillis());
    took(nanos, record.events(), record.bytes().length);
    return true;
  }

  private void skip(Hole hole) {
    holes.add(hole);
    long known = isEmpty() ? 0 : cumulative[(int) (next - 1 - first)];
    for (; next < hole.to(); next++) {
      room((int) (next - first));
      cumulative[(int) (next - first)] = (int) known;
    }
    end = hole.resumeAt();
  }

  private Tail tail(int maxRecordBytes) throws IOException {
    long left = file.length() - end;
    if (left <= 0) {
      return Tail.NONE;
    }
    ByteBuffer header = ByteBuffer.allocate(RECORD_HEADER);
    if (left < RECORD_HEADER || !read(file, header, end)) {
      return Tail.TORN;
    }
    int length = header.getInt(0);
    boolean ours = length >= 0 && length <= maxRecordBytes && header.getLong(8) == next;
    return ours && left < RECORD_HEADER + (long) length ? Tail.TORN : Tail.DAMAGED;
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
  void append(long timeMillis, long nanos, int events, byte[] body) throws IOException {
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
    took(nanos, events, body.length);
  }

  private void took(long nanos, int events, int bodyBytes) {
    if (next == first) {
      firstNanos = nanos;
    }
    int index = (int) (next - first);
    room(index);
    cumulative[index] = events + (index == 0 ? 0 : cumulative[index - 1]);
    lastNanos = nanos;
    end += RECORD_HEADER + (long) bodyBytes;
    next++;
  }

  private void room(int index) {
    if (index >= cumulative.length) {
      cumulative = Arrays.copyOf(cumulative, index * 2);
    }
  }

  /**
   * The record {@code sequence}, or the next one behind a hole; null when this segment holds
   * neither. Damage that came after opening makes another hole.
   */
  @Nullable SpoolRecord read(long sequence, int maxRecordBytes) throws IOException {
    if (sequence < first || sequence >= next) {
      return null;
    }
    if (sequence < readNext) {
      readAt = HEADER;
      readNext = first;
    }
    while (true) {
      jump();
      if (readNext >= next) {
        return null;
      }
      SpoolRecord record = recordAt(readAt, readNext, maxRecordBytes);
      if (record == null) {
        damaged(maxRecordBytes);
      } else {
        readAt += RECORD_HEADER + (long) record.bytes().length;
        readNext++;
        if (record.sequence() >= sequence) {
          return record;
        }
      }
    }
  }

  private void jump() {
    for (Hole hole : holes) {
      if (hole.from() == readNext && hole.resumeAt() > readAt) {
        readNext = hole.to();
        readAt = hole.resumeAt();
      }
    }
  }

  private void damaged(int maxRecordBytes) throws IOException {
    Hole found = new DamageScan(file, maxRecordBytes).from(readAt, readNext);
    holes.add(
        found == null || found.to() >= next
            ? new Hole(readNext, next, eventsAbove(readNext - 1), end)
            : found);
  }

  private @Nullable SpoolRecord recordAt(long position, long sequence, int maxRecordBytes)
      throws IOException {
    SpoolRecord record = recordAt(file, position, maxRecordBytes);
    return record != null && record.sequence() == sequence ? record : null;
  }

  /** The record that begins at {@code position}; null when none does. */
  static @Nullable SpoolRecord recordAt(RandomAccessFile file, long position, int maxRecordBytes)
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
    long sequence = checked.getLong();
    long timeMillis = checked.getLong();
    int events = checked.getInt();
    byte[] body = Arrays.copyOfRange(checked.array(), CHECKED_HEADER, CHECKED_HEADER + length);
    return new SpoolRecord(sequence, timeMillis, events, body);
  }

  /** Whether {@code into} could be filled. */
  static boolean read(RandomAccessFile file, ByteBuffer into, long position) throws IOException {
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

  /** When its first record was appended, on the monotonic clock. */
  long firstNanos() {
    return firstNanos;
  }

  /** When its last record was appended, on the monotonic clock. */
  long lastNanos() {
    return lastNanos;
  }

  List<Hole> holes() {
    return holes;
  }

  /** Events ever appended to the spool before this segment; -1: its header is damaged. */
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

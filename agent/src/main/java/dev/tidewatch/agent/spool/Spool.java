package dev.tidewatch.agent.spool;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A durable queue of records on disk. Any number of threads append; one sender reads and
 * acknowledges. See the package for the idea.
 */
public final class Spool implements AutoCloseable {
  /**
   * A writer waiting for a full disk looks again this often: other programs free space silently.
   */
  private static final long DISK_RETRY_MILLIS = 500;

  private final Path directory;
  private final SpoolOptions options;
  private final InstantSource clock;
  private final FileChannel lockFile;
  private final SpoolId id;
  private final Cursor cursor;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition appendedSome = lock.newCondition();
  private final Condition freedSome = lock.newCondition();

  private long last;

  /** Appended in the life of the spool. */
  private long eventsEver;

  private long appended;
  private long droppedFull;
  private long droppedAge;
  private long lostCorrupt;
  private long tornBytes;
  private long blocked;
  private long syncedAtMillis;
  private boolean unsynced;
  private boolean closed;

  private Spool(
      Path directory,
      SpoolOptions options,
      InstantSource clock,
      FileChannel lockFile,
      SpoolId id,
      Cursor cursor) {
    this.directory = directory;
    this.options = options;
    this.clock = clock;
    this.lockFile = lockFile;
    this.id = id;
    this.cursor = cursor;
  }

  /**
   * Opens or creates the spool in {@code directory}: half a record at its end is cut off and
   * counted.
   *
   * @throws IOException when the directory cannot be used, or another process uses it
   */
  public static Spool open(Path directory, SpoolOptions options, InstantSource clock)
      throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(lockFile)) {
      lockFile.close();
      throw new IOException(
          "the spool "
              + directory
              + " is in use by another agent: stop it, or give this one a"
              + " data directory of its own");
    }
    Spool spool =
        new Spool(
            directory,
            options,
            clock,
            lockFile,
            SpoolId.open(directory.resolve("id")),
            Cursor.open(directory.resolve("cursor")));
    spool.recover();
    return spool;
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void recover() throws IOException {
    last = cursor.sequence();
    List<Path> files;
    try (Stream<Path> entries = Files.list(directory)) {
      files = entries.filter(f -> f.toString().endsWith(Segment.SUFFIX)).sorted().toList();
    }
    for (int i = 0; i < files.size(); i++) {
      recover(files.get(i), i == files.size() - 1);
    }
    deleteAcknowledged();
  }

  private void recover(Path file, boolean newest) throws IOException {
    Segment.Opened opened = Segment.open(file, options.maxRecordBytes());
    Segment segment = opened.segment();
    if (segment == null) {
      // A header that was never written whole: nothing was in it.
      tornBytes += opened.unreadableBytes();
      Files.delete(file);
      return;
    }
    // What was dropped on purpose lies before the first segment; what misses between two is damage.
    if (!segments.isEmpty() && segment.first() > cursor.sequence() + 1) {
      lostCorrupt += Math.max(0, segment.eventsBefore() - eventsEver);
    }
    if (newest && opened.unreadableBytes() > 0) {
      tornBytes += opened.unreadableBytes();
      segment.truncateTail();
    }
    segments.addLast(segment);
    last = Math.max(last, segment.next() - 1);
    eventsEver = segment.eventsBefore() + segment.events();
  }

  /**
   * Appends a record, waiting for room as {@link FullPolicy} says.
   *
   * @param events how many events are in it
   * @return its sequence
   * @throws IllegalArgumentException when the record is larger than the options allow
   * @throws IOException when the disk fails for another reason than lack of space, or the spool is
   *     closed
   */
  public long append(byte[] record, int events) throws IOException, InterruptedException {
    if (record.length > options.maxRecordBytes()) {
      throw new IllegalArgumentException(
          "a record of " + record.length + " bytes; the limit is " + options.maxRecordBytes());
    }
    lock.lockInterruptibly();
    try {
      boolean counted = false;
      while (!tryAppend(record, events)) {
        blocked += counted ? 0 : 1;
        counted = true;
        boolean unused = freedSome.await(DISK_RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
      appendedSome.signalAll();
      return last;
    } finally {
      lock.unlock();
    }
  }

  private boolean tryAppend(byte[] record, int events) throws IOException {
    requireOpen();
    long now = clock.millis();
    dropAged(now);
    long needed = Segment.RECORD_HEADER + (long) record.length;
    boolean dropping = options.whenFull() == FullPolicy.DROP_OLDEST;
    while (true) {
      if (bytes() + needed + Segment.HEADER > options.maxBytes()) {
        if (!dropAcknowledgedActive() && (!dropping || !dropOldest())) {
          return false;
        }
      } else {
        try {
          active(needed).append(now, events, record);
          last++;
          appended += events;
          eventsEver += events;
          unsynced = true;
          syncIfDue(now);
          return true;
        } catch (IOException e) {
          if (!isDiskFull(e)) {
            throw e;
          }
          if (!dropAcknowledgedActive() && (!dropping || !dropOldest())) {
            return false;
          }
        }
      }
    }
  }

  /** Linux and macOS say it in words only; Windows in others. */
  private static boolean isDiskFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left")
        || message.contains("quota exceeded")
        || message.contains("not enough space");
  }

  private Segment active(long needed) throws IOException {
    Segment active = segments.peekLast();
    boolean fits =
        active != null
            && active.next() == last + 1
            && (active.isEmpty() || active.bytes() + needed <= options.segmentBytes());
    if (active == null || !fits) {
      if (active != null && options.fsync() != FsyncPolicy.NEVER) {
        active.force();
      }
      active = Segment.create(directory, last + 1, eventsEver);
      segments.addLast(active);
    }
    return active;
  }

  private boolean dropOldest() throws IOException {
    Segment oldest = segments.peekFirst();
    if (oldest == null || oldest.isEmpty()) {
      return false;
    }
    droppedFull += unacknowledged(oldest);
    segments.removeFirst().delete();
    return true;
  }

  private void dropAged(long now) throws IOException {
    if (options.maxAge().isZero()) {
      return;
    }
    long limit = now - options.maxAge().toMillis();
    for (Segment oldest = segments.peekFirst();
        oldest != null && !oldest.isEmpty() && oldest.lastMillis() < limit;
        oldest = segments.peekFirst()) {
      droppedAge += unacknowledged(oldest);
      segments.removeFirst().delete();
    }
  }

  private long unacknowledged(Segment segment) {
    return segment.eventsAbove(cursor.sequence());
  }

  /**
   * Records from {@code from} on, in order, at most {@code maxRecords} and about {@code maxBytes};
   * at least one if there is one. A first sequence above {@code from} means that those between were
   * dropped, or are acknowledged.
   */
  public List<SpoolRecord> read(long from, int maxRecords, long maxBytes) throws IOException {
    lock.lock();
    try {
      requireOpen();
      List<SpoolRecord> records = new ArrayList<>();
      long want = Math.max(from, cursor.sequence() + 1);
      long bytes = 0;
      while (records.size() < maxRecords && (records.isEmpty() || bytes < maxBytes)) {
        SpoolRecord record = find(want);
        if (record == null) {
          return records;
        }
        records.add(record);
        bytes += record.bytes().length;
        want = record.sequence() + 1;
      }
      return records;
    } finally {
      lock.unlock();
    }
  }

  /** The record {@code want}, or the next one behind a gap. */
  private @Nullable SpoolRecord find(long want) throws IOException {
    for (Segment segment : segments) {
      if (!segment.isEmpty() && segment.next() > want) {
        return segment.read(Math.max(want, segment.first()), options.maxRecordBytes());
      }
    }
    return null;
  }

  /**
   * The gateway has everything up to {@code sequence}; segments wholly below go. A sequence below
   * the last one acknowledged changes nothing.
   *
   * @throws IllegalArgumentException when nothing with this sequence was ever appended
   */
  public long acknowledge(long sequence) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (sequence > last) {
        throw new IllegalArgumentException(
            "sequence " + sequence + " is acknowledged, the last is " + last);
      }
      if (sequence <= cursor.sequence()) {
        return 0;
      }
      long before = waiting();
      cursor.write(sequence);
      long after = waiting();
      unsynced = true;
      deleteAcknowledged();
      freedSome.signalAll();
      return before - after;
    } finally {
      lock.unlock();
    }
  }

  private long waiting() {
    long events = 0;
    for (Segment segment : segments) {
      events += unacknowledged(segment);
    }
    return events;
  }

  /** The newest segment stays while it is small, so that a quiet agent does not make files. */
  private void deleteAcknowledged() throws IOException {
    while (segments.size() > 1 && segments.getFirst().next() <= cursor.sequence() + 1) {
      segments.removeFirst().delete();
    }
    Segment newest = segments.peekLast();
    if (newest != null && newest.bytes() > options.segmentBytes() / 2) {
      boolean unused = dropAcknowledgedActive();
    }
  }

  private boolean dropAcknowledgedActive() throws IOException {
    Segment active = segments.peekFirst();
    if (active == null || active.isEmpty() || active.next() > cursor.sequence() + 1) {
      return false;
    }
    segments.removeFirst().delete();
    return true;
  }

  /**
   * Waits until there is a record at or above {@code sequence}.
   *
   * @return whether there is one
   */
  public boolean await(long sequence, long timeoutMillis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lockInterruptibly();
    try {
      while (last < sequence && nanos > 0 && !closed) {
        nanos = appendedSome.awaitNanos(nanos);
      }
      return last >= sequence;
    } finally {
      lock.unlock();
    }
  }

  /** 16 bytes that say which spool the sequence numbers belong to. */
  public ByteString id() {
    return id.bytes();
  }

  /** Work that falls due by time alone: dropping what is too old, forcing what was written. */
  public void tick() throws IOException {
    lock.lock();
    try {
      if (!closed) {
        dropAged(clock.millis());
        syncIfDue(clock.millis());
      }
    } finally {
      lock.unlock();
    }
  }

  private void syncIfDue(long now) throws IOException {
    boolean due =
        switch (options.fsync()) {
          case ALWAYS -> true;
          case INTERVAL -> now - syncedAtMillis >= options.fsyncInterval().toMillis();
          case NEVER -> false;
        };
    if (due && unsynced) {
      sync();
      syncedAtMillis = now;
    }
  }

  private void sync() throws IOException {
    Segment active = segments.peekLast();
    if (active != null) {
      active.force();
    }
    cursor.force();
    unsynced = false;
  }

  private long bytes() {
    long bytes = 0;
    for (Segment segment : segments) {
      bytes += segment.bytes();
    }
    return bytes;
  }

  public long acknowledged() {
    lock.lock();
    try {
      return cursor.sequence();
    } finally {
      lock.unlock();
    }
  }

  public SpoolStats stats() {
    lock.lock();
    try {
      long events = 0;
      long oldest = 0;
      for (Segment segment : segments) {
        long waiting = unacknowledged(segment);
        events += waiting;
        oldest = oldest == 0 && waiting > 0 ? segment.firstMillis() : oldest;
      }
      return new SpoolStats(
          last,
          cursor.sequence(),
          events,
          bytes(),
          appended,
          droppedFull,
          droppedAge,
          lostCorrupt,
          tornBytes,
          blocked,
          oldest);
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the spool is closed");
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (options.fsync() != FsyncPolicy.NEVER) {
        sync();
      }
      for (Segment segment : segments) {
        segment.close();
      }
      cursor.close();
      id.close();
      lockFile.close();
      appendedSome.signalAll();
      freedSome.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

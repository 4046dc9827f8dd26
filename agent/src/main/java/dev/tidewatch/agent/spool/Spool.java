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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A durable queue of records on disk. Any number of threads append; one sender reads and
 * acknowledges. See the package for the idea.
 *
 * <p>Ages and intervals are measured on the monotonic clock; the clock on the wall only says when a
 * record was appended, and how old it is when the spool is opened again.
 */
public final class Spool implements AutoCloseable {
  /**
   * A writer waiting for a full disk looks again this often: other programs free space silently.
   */
  private static final long DISK_RETRY_MILLIS = 500;

  private final SpoolOptions options;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final FileChannel lockFile;
  private final SpoolId id;
  private final Cursor cursor;
  private final SegmentLog log;
  private final long lostOpening;
  private final long tornBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition appendedSome = lock.newCondition();
  private final Condition freedSome = lock.newCondition();

  private long appended;
  private long droppedFull;
  private long droppedAge;
  private long blocked;
  private long syncedAtNanos;
  private boolean unsynced;
  private boolean closed;

  private Spool(
      SpoolOptions options,
      InstantSource clock,
      LongSupplier nanoTime,
      FileChannel lockFile,
      SpoolFiles files) {
    this.options = options;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.lockFile = lockFile;
    this.id = files.id();
    this.cursor = files.cursor();
    this.log = files.log();
    this.lostOpening = files.recovered().lostEvents();
    this.tornBytes = files.recovered().tornBytes();
    this.syncedAtNanos = nanoTime.getAsLong();
  }

  private record SpoolFiles(SpoolId id, Cursor cursor, SegmentLog log, SegmentRecovery recovered) {}

  /**
   * Opens or creates the spool in {@code directory}: half a record at its end is cut off and
   * counted.
   *
   * @throws IOException when the directory cannot be used, or another process uses it
   */
  public static Spool open(Path directory, SpoolOptions options, InstantSource clock)
      throws IOException {
    return open(directory, options, clock, System::nanoTime);
  }

  /**
   * @param nanoTime a clock that is never set
   */
  static Spool open(
      Path directory, SpoolOptions options, InstantSource clock, LongSupplier nanoTime)
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
    return new Spool(
        options, clock, nanoTime, lockFile, recover(directory, options, clock, nanoTime));
  }

  private static SpoolFiles recover(
      Path directory, SpoolOptions options, InstantSource clock, LongSupplier nanoTime)
      throws IOException {
    Cursor cursor = Cursor.open(directory.resolve("cursor"));
    long wall = clock.millis();
    long nanos = nanoTime.getAsLong();
    // A time in the future is that of a clock that was wrong: it counts as now.
    SegmentRecovery recovered =
        SegmentRecovery.of(
            directory,
            options,
            cursor,
            millis -> nanos - TimeUnit.MILLISECONDS.toNanos(Math.max(0, wall - millis)));
    SpoolId id = SpoolId.open(directory.resolve("id"), recovered.numbersMayRepeat());
    SegmentLog log = new SegmentLog(directory, options, cursor, recovered);
    log.deleteAcknowledged();
    return new SpoolFiles(id, cursor, log, recovered);
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
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
      return log.last();
    } finally {
      lock.unlock();
    }
  }

  private boolean tryAppend(byte[] record, int events) throws IOException {
    requireOpen();
    long nanos = nanoTime.getAsLong();
    dropAged(nanos);
    long needed = Segment.RECORD_HEADER + (long) record.length;
    while (true) {
      if (log.bytes() + needed + Segment.HEADER <= options.maxBytes()) {
        try {
          log.append(clock.millis(), nanos, events, record);
          appended += events;
          unsynced = true;
          syncIfDue(nanos);
          return true;
        } catch (IOException e) {
          if (!isDiskFull(e)) {
            throw e;
          }
        }
      }
      if (!log.deleteOldestAcknowledged() && !mayDropOldest()) {
        return false;
      }
    }
  }

  private boolean mayDropOldest() throws IOException {
    if (options.whenFull() != FullPolicy.DROP_OLDEST) {
      return false;
    }
    long dropped = log.dropOldest();
    droppedFull += Math.max(0, dropped);
    return dropped >= 0;
  }

  /** Linux and macOS say it in words only; Windows in others. */
  private static boolean isDiskFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left")
        || message.contains("quota exceeded")
        || message.contains("not enough space");
  }

  private void dropAged(long nanos) throws IOException {
    if (options.maxAge().isZero()) {
      return;
    }
    while (log.isOldestBefore(nanos - options.maxAge().toNanos())) {
      droppedAge += log.dropOldest();
    }
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
        SpoolRecord record = log.find(want);
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
      if (sequence > log.last()) {
        throw new IllegalArgumentException(
            "sequence " + sequence + " is acknowledged, the last is " + log.last());
      }
      if (sequence <= cursor.sequence()) {
        return 0;
      }
      long before = log.waiting();
      cursor.write(sequence);
      long after = log.waiting();
      unsynced = true;
      log.deleteAcknowledged();
      freedSome.signalAll();
      return before - after;
    } finally {
      lock.unlock();
    }
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
      while (log.last() < sequence && nanos > 0 && !closed) {
        nanos = appendedSome.awaitNanos(nanos);
      }
      return log.last() >= sequence;
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
        dropAged(nanoTime.getAsLong());
        syncIfDue(nanoTime.getAsLong());
      }
    } finally {
      lock.unlock();
    }
  }

  private void syncIfDue(long nanos) throws IOException {
    boolean due =
        switch (options.fsync()) {
          case ALWAYS -> true;
          case INTERVAL -> nanos - syncedAtNanos >= options.fsyncInterval().toNanos();
          case NEVER -> false;
        };
    if (due && unsynced) {
      sync();
      syncedAtNanos = nanos;
    }
  }

  private void sync() throws IOException {
    log.force();
    cursor.force();
    unsynced = false;
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
      return new SpoolStats(
          log.last(),
          cursor.sequence(),
          log.waiting(),
          log.bytes(),
          appended,
          droppedFull,
          droppedAge,
          lostOpening + log.lostReading(),
          tornBytes,
          blocked,
          oldestAgeMillis());
    } finally {
      lock.unlock();
    }
  }

  private long oldestAgeMillis() {
    long nanos = log.oldestWaitingNanos();
    return nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - nanos);
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
      log.close();
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

package dev.tidewatch.agent.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a spool, oldest first: where records are appended, found, and deleted once they
 * are acknowledged. Not thread-safe; {@link Spool} holds its lock around every call.
 */
final class SegmentLog implements AutoCloseable {
  private final Path directory;
  private final SpoolOptions options;
  private final Cursor cursor;
  private final Deque<Segment> segments;
  private long last;

  /** Appended in the life of the spool. */
  private long eventsEver;

  /** Events in holes that were found while reading. */
  private long lostReading;

  SegmentLog(Path directory, SpoolOptions options, Cursor cursor, SegmentRecovery recovered) {
    this.directory = directory;
    this.options = options;
    this.cursor = cursor;
    this.segments = new ArrayDeque<>(recovered.segments());
    this.last = recovered.last();
    this.eventsEver = recovered.eventsEver();
  }

  /** Sequence of the newest record; 0: there never was one. */
  long last() {
    return last;
  }

  long lostReading() {
    return lostReading;
  }

  /**
   * Appends the record {@link #last} + 1.
   *
   * @param nanos now, on the monotonic clock
   */
  void append(long timeMillis, long nanos, int events, byte[] record) throws IOException {
    active(Segment.RECORD_HEADER + (long) record.length).append(timeMillis, nanos, events, record);
    last++;
    eventsEver += events;
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

  /** The record {@code want}, or the next one behind a gap. */
  @Nullable SpoolRecord find(long want) throws IOException {
    for (Segment segment : segments) {
      if (!segment.isEmpty() && segment.next() > want) {
        int holes = segment.holes().size();
        SpoolRecord record =
            segment.read(Math.max(want, segment.first()), options.maxRecordBytes());
        for (Segment.Hole hole : segment.holes().subList(holes, segment.holes().size())) {
          lostReading += hole.events();
        }
        if (record != null) {
          return record;
        }
      }
    }
    return null;
  }

  /**
   * Deletes the oldest segment, unless there is nothing in it.
   *
   * @return unacknowledged events that went with it; negative: there is none
   */
  long dropOldest() throws IOException {
    Segment oldest = segments.peekFirst();
    if (oldest == null || oldest.isEmpty()) {
      return -1;
    }
    long dropped = unacknowledged(oldest);
    segments.removeFirst().delete();
    return dropped;
  }

  /** Whether all of the oldest segment was appended before {@code nanos}. */
  boolean isOldestBefore(long nanos) {
    Segment oldest = segments.peekFirst();
    return oldest != null && !oldest.isEmpty() && oldest.lastNanos() - nanos < 0;
  }

  /** The newest segment stays while it is small, so that a quiet agent does not make files. */
  void deleteAcknowledged() throws IOException {
    while (segments.size() > 1 && segments.getFirst().next() <= cursor.sequence() + 1) {
      segments.removeFirst().delete();
    }
    Segment newest = segments.peekLast();
    if (newest != null && newest.bytes() > options.segmentBytes() / 2) {
      boolean unused = deleteOldestAcknowledged();
    }
  }

  /** Deletes the oldest segment if all of it is acknowledged, be it the newest too. */
  boolean deleteOldestAcknowledged() throws IOException {
    Segment oldest = segments.peekFirst();
    if (oldest == null || oldest.isEmpty() || oldest.next() > cursor.sequence() + 1) {
      return false;
    }
    segments.removeFirst().delete();
    return true;
  }

  private long unacknowledged(Segment segment) {
    return segment.eventsAbove(cursor.sequence());
  }

  /** Events that wait for an acknowledgement. */
  long waiting() {
    long events = 0;
    for (Segment segment : segments) {
      events += unacknowledged(segment);
    }
    return events;
  }

  /** When the oldest segment that waits was begun, on the monotonic clock; 0: nothing waits. */
  long oldestWaitingNanos() {
    for (Segment segment : segments) {
      if (unacknowledged(segment) > 0) {
        return segment.firstNanos();
      }
    }
    return 0;
  }

  long bytes() {
    long bytes = 0;
    for (Segment segment : segments) {
      bytes += segment.bytes();
    }
    return bytes;
  }

  /** Forces the newest segment to the disk; the others were when they were finished. */
  void force() throws IOException {
    Segment active = segments.peekLast();
    if (active != null) {
      active.force();
    }
  }

  @Override
  public void close() throws IOException {
    for (Segment segment : segments) {
      segment.close();
    }
  }
}

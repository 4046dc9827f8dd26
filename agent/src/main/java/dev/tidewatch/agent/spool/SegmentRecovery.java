package dev.tidewatch.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Opens what is left of a spool, and counts what is not. Every segment says how many events were
 * ever appended before it, so that what misses in the one before is known exactly; of the newest it
 * is known as far as its damaged records still say it.
 */
final class SegmentRecovery {
  private static final Pattern NAME = Pattern.compile("\\d{19,20}\\.seg");

  /** More are not lost at once. */
  private static final long MOST_EVENTS = 1L << 32;

  private final SpoolOptions options;
  private final long acknowledged;
  private final LongUnaryOperator toNanos;
  private final List<Segment> segments = new ArrayList<>();
  private long last;
  private long eventsEver;
  private long lostEvents;
  private long tornBytes;
  private boolean numbersMayRepeat;

  /** Whether the oldest segment says how many events there were before it. */
  private boolean beginningKnown;

  private SegmentRecovery(SpoolOptions options, long acknowledged, LongUnaryOperator toNanos) {
    this.options = options;
    this.acknowledged = acknowledged;
    this.toNanos = toNanos;
    this.last = acknowledged;
  }

  /**
   * @param toNanos what the monotonic clock showed at a time of a record
   */
  static SegmentRecovery of(
      Path directory, SpoolOptions options, Cursor cursor, LongUnaryOperator toNanos)
      throws IOException {
    SegmentRecovery recovery = new SegmentRecovery(options, cursor.sequence(), toNanos);
    List<Path> files;
    try (Stream<Path> entries = Files.list(directory)) {
      files =
          entries.filter(f -> NAME.matcher(f.getFileName().toString()).matches()).sorted().toList();
    }
    for (int i = 0; i < files.size(); i++) {
      recovery.open(files.get(i), i == files.size() - 1);
    }
    return recovery;
  }

  private void open(Path file, boolean newest) throws IOException {
    Segment.Opened opened = Segment.open(file, options.maxRecordBytes(), toNanos);
    Segment segment = opened.segment();
    if (segment.isEmpty() && !opened.headerIsGood()) {
      remove(segment, Files.size(file), newest);
      return;
    }
    long begun = begunAt(segment);
    if (!segments.isEmpty() && isMissing(segment)) {
      lostEvents += beginningKnown ? Math.max(0, begun - eventsEver) : lostInHoles();
    }
    beginningKnown |= !segments.isEmpty() || segment.eventsBefore() >= 0;
    eventsEver = begun + segment.events();
    if (newest) {
      countHoles(segment);
      cutTail(opened);
    }
    segments.add(segment);
    last = Math.max(last, segment.next() - 1);
  }

  /** A header that was never written whole, or nothing that could be saved. */
  private void remove(Segment segment, long size, boolean newest) throws IOException {
    tornBytes += size;
    if (newest && size > Segment.OVERHEAD) {
      numbersMayRepeat = true;
      lostEvents++;
    }
    segment.delete();
  }

  /** Events ever appended before it; its header counts only where it can be known no better. */
  private long begunAt(Segment segment) {
    long said = segment.eventsBefore();
    if (segments.isEmpty()) {
      return Math.max(0, said);
    }
    Segment before = segments.get(segments.size() - 1);
    boolean isWhole = before.holes().isEmpty() && before.next() == segment.first();
    boolean canBe = said >= eventsEver && said - eventsEver < MOST_EVENTS;
    return isWhole || !canBe ? eventsEver : said;
  }

  /** What was dropped on purpose lies before the first segment; what misses between is damage. */
  private boolean isMissing(Segment segment) {
    Segment before = segments.get(segments.size() - 1);
    boolean tail = before.next() < segment.first() && segment.first() > acknowledged + 1;
    return tail || before.holes().stream().anyMatch(hole -> hole.to() > acknowledged + 1);
  }

  /** What the damaged records of the segment before say themselves. */
  private long lostInHoles() {
    return segments.get(segments.size() - 1).holes().stream()
        .filter(hole -> hole.to() > acknowledged + 1)
        .mapToLong(Segment.Hole::events)
        .sum();
  }

  private void countHoles(Segment segment) {
    for (Segment.Hole hole : segment.holes()) {
      eventsEver += hole.events();
      lostEvents += hole.to() > acknowledged + 1 ? hole.events() : 0;
    }
  }

  /**
   * Half a record was never sent, so its number is free. Damage may have been sent already: its
   * numbers must not come again under this spool's id.
   */
  private void cutTail(Segment.Opened opened) throws IOException {
    if (opened.tail() == Segment.Tail.NONE) {
      return;
    }
    tornBytes += opened.tailBytes();
    if (opened.tail() == Segment.Tail.DAMAGED) {
      numbersMayRepeat = true;
      lostEvents++;
    }
    opened.segment().truncateTail();
  }

  List<Segment> segments() {
    return segments;
  }

  long last() {
    return last;
  }

  long eventsEver() {
    return eventsEver;
  }

  long lostEvents() {
    return lostEvents;
  }

  long tornBytes() {
    return tornBytes;
  }

  boolean numbersMayRepeat() {
    return numbersMayRepeat;
  }
}

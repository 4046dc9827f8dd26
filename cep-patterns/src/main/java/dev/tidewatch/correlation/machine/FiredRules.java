package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Which rules fired in a window, each with its newest event. */
final class FiredRules extends WindowState {
  private static final int COLUMNS = 3;

  /** Time and event id by member; as long as the largest member that fired needs. */
  private long[] events = {};

  private long members;

  /** Bit {@code i} is set when member {@code i} fired. */
  long members() {
    return members;
  }

  void add(Match match) {
    int at = match.member() * COLUMNS;
    if (at + COLUMNS > events.length) {
      events = Arrays.copyOf(events, at + COLUMNS);
    }
    events[at] = match.timeMicros();
    events[at + 1] = match.eventIdHigh();
    events[at + 2] = match.eventIdLow();
    members |= 1L << match.member();
  }

  void slide(long fromMicros) {
    for (long left = members; left != 0; left &= left - 1) {
      int member = Long.numberOfTrailingZeros(left);
      if (events[member * COLUMNS] < fromMicros) {
        members &= ~(1L << member);
      }
    }
  }

  @Override
  long count() {
    return Long.bitCount(members);
  }

  @Override
  long firstMicros() {
    long first = Long.MAX_VALUE;
    for (long left = members; left != 0; left &= left - 1) {
      first = Math.min(first, events[Long.numberOfTrailingZeros(left) * COLUMNS]);
    }
    return first;
  }

  @Override
  List<EventRef> evidence(int cap) {
    List<EventRef> refs = new ArrayList<>();
    for (long left = members; left != 0; left &= left - 1) {
      int member = Long.numberOfTrailingZeros(left);
      int at = member * COLUMNS;
      refs.add(new EventRef(events[at], events[at + 1], events[at + 2], member));
    }
    refs.sort(Comparator.comparingLong(EventRef::timeMicros).thenComparingInt(EventRef::member));
    return refs.subList(Math.max(0, refs.size() - cap), refs.size());
  }

  @Override
  void clear() {
    super.clear();
    members = 0;
  }

  @Override
  public int format() {
    return CorrelationFormats.FIRED_RULES;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeTimes(out);
    out.writeLong(members);
    for (long left = members; left != 0; left &= left - 1) {
      int at = Long.numberOfTrailingZeros(left) * COLUMNS;
      for (int column = 0; column < COLUMNS; column++) {
        out.writeLong(events[at + column]);
      }
    }
  }

  static FiredRules read(DataInput in) throws IOException {
    FiredRules fired = new FiredRules();
    fired.readTimes(in);
    fired.members = in.readLong();
    fired.events = new long[(64 - Long.numberOfLeadingZeros(fired.members)) * COLUMNS];
    for (long left = fired.members; left != 0; left &= left - 1) {
      int at = Long.numberOfTrailingZeros(left) * COLUMNS;
      for (int column = 0; column < COLUMNS; column++) {
        fired.events[at + column] = in.readLong();
      }
    }
    return fired;
  }

  @Override
  public long sizeBytes() {
    return 40 + 16 + 8L * events.length;
  }
}

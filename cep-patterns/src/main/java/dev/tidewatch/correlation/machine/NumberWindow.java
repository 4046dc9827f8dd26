package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbers of a window, by time, with their sum or in order. */
final class NumberWindow extends WindowState {
  private static final int VALUE = EventRing.BASE + 1;
  private static final int SCALE = EventRing.BASE + 2;

  private final Events events = new Events();
  private final @Nullable SortedNumbers sorted;
  private BigDecimal sum = BigDecimal.ZERO;
  private boolean full;

  /** Events with their members and numbers. */
  private static final class Events extends EventRing {
    @Override
    int stride() {
      return BASE + 3;
    }

    @Override
    int memberColumn() {
      return BASE;
    }

    BigDecimal number(int index) {
      return BigDecimal.valueOf(column(index, VALUE), (int) column(index, SCALE));
    }
  }

  /**
   * @param inOrder whether {@link #atRank} will be asked, rather than {@link #sum}
   */
  NumberWindow(boolean inOrder) {
    sorted = inOrder ? new SortedNumbers() : null;
  }

  /**
   * @return whether the bound was reached for the first time, so that the oldest had to go
   */
  boolean add(Match match, BigDecimal number, int bound, int limit) {
    while (events.size() >= limit) {
      removeFirst();
    }
    boolean reached = events.size() >= bound;
    if (reached) {
      removeFirst();
    }
    events.add(match, Math.min(bound, limit));
    events.setColumn(events.size() - 1, VALUE, number.unscaledValue().longValueExact());
    events.setColumn(events.size() - 1, SCALE, number.scale());
    include(number);
    boolean first = reached && !full;
    full |= reached;
    return first;
  }

  private void include(BigDecimal number) {
    if (sorted == null) {
      sum = sum.add(number);
    } else {
      sorted.add(number);
    }
  }

  private void removeFirst() {
    BigDecimal number = events.number(0);
    if (sorted == null) {
      sum = sum.subtract(number);
    } else {
      sorted.remove(number);
    }
    events.removeFirst();
  }

  void removeBefore(long fromMicros) {
    while (events.size() > 0 && events.time(0) < fromMicros) {
      removeFirst();
      full = false;
    }
  }

  int size() {
    return events.size();
  }

  BigDecimal sum() {
    return sum;
  }

  BigDecimal atRank(int rank) {
    return java.util.Objects.requireNonNull(sorted).get(rank);
  }

  @Override
  long count() {
    return events.size();
  }

  @Override
  long firstMicros() {
    return events.time(0);
  }

  @Override
  List<EventRef> evidence(int cap) {
    return events.newest(cap);
  }

  @Override
  void clear() {
    super.clear();
    events.clear();
    sum = BigDecimal.ZERO;
    full = false;
    if (sorted != null) {
      sorted.clear();
    }
  }

  @Override
  public int format() {
    return CorrelationFormats.NUMBERS;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte((sorted == null ? 0 : 1) | (full ? 2 : 0));
    writeTimes(out);
    events.writeRing(out);
  }

  static NumberWindow read(DataInput in) throws IOException {
    int flags = in.readByte();
    NumberWindow window = new NumberWindow((flags & 1) != 0);
    window.full = (flags & 2) != 0;
    window.readTimes(in);
    window.events.readRing(in);
    for (int i = 0; i < window.events.size(); i++) {
      window.include(window.events.number(i));
    }
    return window;
  }

  @Override
  public long sizeBytes() {
    return 48 + 40 + 24 + events.ringBytes() + (sorted == null ? 0 : sorted.sizeBytes());
  }
}

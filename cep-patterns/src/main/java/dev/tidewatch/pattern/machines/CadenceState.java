package dev.tidewatch.pattern.machines;

import dev.tidewatch.remember.EventRef;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The newest events of a group in a ring, and the gaps between them in order of length. */
final class CadenceState extends EventState {
  static final int FORMAT = 101;

  private final int capacity;
  private final long[] times;
  private final long[] idHighs;
  private final long[] idLows;
  private final int[] members;
  private final long[] gaps;
  private int first;
  private int size;

  CadenceState(int capacity) {
    this.capacity = capacity;
    times = new long[capacity];
    idHighs = new long[capacity];
    idLows = new long[capacity];
    members = new int[capacity];
    gaps = new long[capacity];
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size == capacity;
  }

  long lastMicros() {
    return times[at(size - 1)];
  }

  void clear() {
    first = 0;
    size = 0;
  }

  void add(EventRef event) {
    if (isFull()) {
      removeGap(times[at(1)] - times[first]);
      first = at(1);
      size--;
    }
    if (size > 0) {
      insertGap(event.timeMicros() - lastMicros());
    }
    int at = at(size++);
    times[at] = event.timeMicros();
    idHighs[at] = event.eventIdHigh();
    idLows[at] = event.eventIdLow();
    members[at] = event.member();
  }

  private int at(int index) {
    return (first + index) % capacity;
  }

  private void insertGap(long gap) {
    int count = size - 1;
    int at = Arrays.binarySearch(gaps, 0, count, gap);
    int to = at < 0 ? -at - 1 : at;
    System.arraycopy(gaps, to, gaps, to + 1, count - to);
    gaps[to] = gap;
  }

  private void removeGap(long gap) {
    int count = size - 1;
    int at = Arrays.binarySearch(gaps, 0, count, gap);
    System.arraycopy(gaps, at + 1, gaps, at, count - at - 1);
  }

  /** Of the gaps; of an even number the mean of the two in the middle, rounded down. */
  long median() {
    int count = size - 1;
    long upper = gaps[count / 2];
    return count % 2 == 1 ? upper : (gaps[count / 2 - 1] + upper) / 2;
  }

  /** How many gaps differ from {@code middle} by at most {@code tolerance}. */
  int near(long middle, long tolerance) {
    int near = 0;
    for (int i = 0; i < size - 1; i++) {
      if (Math.abs(gaps[i] - middle) <= tolerance) {
        near++;
      }
    }
    return near;
  }

  /** Oldest first. */
  List<EventRef> events() {
    List<EventRef> events = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int at = at(i);
      events.add(new EventRef(times[at], idHighs[at], idLows[at], members[at]));
    }
    return events;
  }

  int capacity() {
    return capacity;
  }

  @Override
  public int format() {
    return FORMAT;
  }

  @Override
  public long sizeBytes() {
    return 150 + 36L * capacity;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeInstant(out);
    out.writeInt(capacity);
    out.writeInt(size);
    for (EventRef event : events()) {
      out.writeLong(event.timeMicros());
      out.writeLong(event.eventIdHigh());
      out.writeLong(event.eventIdLow());
      out.writeInt(event.member());
    }
  }
}

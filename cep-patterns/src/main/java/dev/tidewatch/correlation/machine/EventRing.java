package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest events of a group, oldest first, in one array: time, event id (two longs), and what a
 * subclass adds. One event costs 64 bytes in all, each further one 24.
 */
abstract class EventRing {
  static final int BASE = 3;
  private static final long[] NONE = {};

  private long[] data = NONE;

  /** Offset of the oldest event in {@link #data}. */
  private int head;

  private int size;

  /** Longs of one event. */
  abstract int stride();

  int size() {
    return size;
  }

  private int offset(int index) {
    int at = head + index * stride();
    return at >= data.length ? at - data.length : at;
  }

  long time(int index) {
    return data[offset(index)];
  }

  long column(int index, int column) {
    return data[offset(index) + column];
  }

  void setColumn(int index, int column, long value) {
    data[offset(index) + column] = value;
  }

  /** Column of the member's index, or -1 when there is but one member. */
  abstract int memberColumn();

  /** Adds at the end; the oldest go when there would be more than {@code limit}. */
  void add(Match match, int limit) {
    while (size >= limit) {
      removeFirst();
    }
    if ((size + 1) * stride() > data.length) {
      grow(limit);
    }
    int at = offset(size);
    size++;
    data[at] = match.timeMicros();
    data[at + 1] = match.eventIdHigh();
    data[at + 2] = match.eventIdLow();
    if (memberColumn() >= 0) {
      data[at + memberColumn()] = match.member();
    }
  }

  private void grow(int limit) {
    long[] grown = new long[Math.min(limit, Math.max(1, 2 * size)) * stride()];
    int first = Math.min(size * stride(), data.length - head);
    System.arraycopy(data, head, grown, 0, first);
    System.arraycopy(data, 0, grown, first, size * stride() - first);
    data = grown;
    head = 0;
  }

  void removeFirst() {
    head += stride();
    if (head >= data.length) {
      head = 0;
    }
    size--;
  }

  void removeBefore(long fromMicros) {
    while (size > 0 && data[head] < fromMicros) {
      removeFirst();
    }
  }

  void clear() {
    data = NONE;
    head = 0;
    size = 0;
  }

  EventRef event(int index) {
    int at = offset(index);
    int member = memberColumn() < 0 ? 0 : (int) data[at + memberColumn()];
    return new EventRef(data[at], data[at + 1], data[at + 2], member);
  }

  /** The newest {@code cap}, oldest first. */
  List<EventRef> newest(int cap) {
    List<EventRef> events = new ArrayList<>(Math.min(cap, size));
    for (int i = Math.max(0, size - cap); i < size; i++) {
      events.add(event(i));
    }
    return events;
  }

  long ringBytes() {
    return 16 + 8L * data.length;
  }

  void writeRing(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      int at = offset(i);
      for (int column = 0; column < stride(); column++) {
        out.writeLong(data[at + column]);
      }
    }
  }

  void readRing(DataInput in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > (1 << 24)) {
      throw new IOException(count + " events in a ring");
    }
    long[] read = new long[count * stride()];
    for (int i = 0; i < read.length; i++) {
      read[i] = in.readLong();
    }
    data = read;
    head = 0;
    size = count;
  }
}

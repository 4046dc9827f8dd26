package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.EventRef;
import dev.tidewatch.remember.Match;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The distinct values of a window, each with its newest event, in the order of those: a value is in
 * {@code [t - timespan, t]} just when its newest event is. A hash table with open addressing over
 * slots that form a list, so adding, moving to the end and leaving at the front cost O(1).
 *
 * <p>A condition that does not change from {@code n} values on needs the newest {@code n} only.
 * When it does from more than the limit for exact counting, values are sampled (adaptive sampling:
 * Wegman; analysed by Flajolet, "On adaptive sampling", Computing 43, 1990): only values whose hash
 * ends in {@code level} zeros are kept, and each time they are too many, {@code level} rises by
 * one. The estimate is {@code kept * 2^level}, its standard error with 5,000 to 10,000 kept about
 * 1.2 to 1.7 %. Unlike HyperLogLog this lets values leave. Once the sample has become small, all
 * values are kept again, and when they have been for a whole timespan the count is exact again.
 */
final class DistinctValues extends WindowState {
  private static final int COLUMNS = 6;
  private static final int TIME = 2;
  private static final int MEMBER = 5;
  private static final int NIL = -1;

  /** Places in the table are nobody's to choose; sampling has to be the same after a restore. */
  private static final long SEED = System.nanoTime() | 1;

  /** Key (2), time, event id (2), member. */
  private long[] slots = {};

  private int[] next = {};
  private int[] previous = {};

  /** Slot + 1, or 0. */
  private int[] table = {};

  private int oldest = NIL;
  private int newest = NIL;
  private int free = NIL;
  private int used;
  private int size;
  private int level;
  private int sampled;
  private long relaxedMicros = NEVER;

  /** Values in the window; an estimate where {@link #isEstimate}. */
  long distinct() {
    return level == 0 ? size : (long) sampled << level;
  }

  boolean isEstimate() {
    return level > 0;
  }

  int size() {
    return size;
  }

  /** Adds an event of a value; with {@code limit} values kept, the one with the oldest goes. */
  void addNewest(ValueKey key, Match match, int limit) {
    if (!touch(key, match)) {
      while (size >= limit) {
        remove(oldest);
      }
      insert(key, match);
    }
  }

  /**
   * Adds an event of a value; with {@code limit} values kept, sampling begins, or gets coarser.
   *
   * @return whether it began
   */
  boolean addSampled(ValueKey key, Match match, int limit) {
    boolean isSampled = zeros(key.high, key.low) >= level;
    if (!isSampled && relaxedMicros == NEVER) {
      return false;
    }
    if (touch(key, match)) {
      return false;
    }
    insert(key, match);
    boolean began = false;
    while (size > limit) {
      began |= level == 0;
      level += relaxedMicros == NEVER ? 1 : 0;
      relaxedMicros = NEVER;
      keepSampled();
    }
    return began;
  }

  private void keepSampled() {
    for (int slot = oldest; slot != NIL; ) {
      int following = next[slot];
      if (zeros(slot) < level) {
        remove(slot);
      }
      slot = following;
    }
    sampled = size;
  }

  /**
   * Forgets values whose newest event lies before {@code fromMicros}.
   *
   * @param nowMicros time of the match that is to be added
   * @param small size of the sample from which on exact counting begins anew
   */
  void slide(long fromMicros, long nowMicros, int small) {
    while (size > 0 && slots[oldest * COLUMNS + TIME] < fromMicros) {
      remove(oldest);
    }
    if (level > 0) {
      if (relaxedMicros == NEVER && size < small) {
        relaxedMicros = nowMicros;
      } else if (relaxedMicros != NEVER && relaxedMicros <= fromMicros) {
        level = 0;
        relaxedMicros = NEVER;
        sampled = size;
      }
    }
  }

  private boolean touch(ValueKey key, Match match) {
    int slot = find(key.high, key.low);
    if (slot == NIL) {
      return false;
    }
    unlink(slot);
    append(slot);
    fill(slot, key, match);
    return true;
  }

  private void insert(ValueKey key, Match match) {
    int slot = allocate();
    fill(slot, key, match);
    append(slot);
    size++;
    sampled += zeros(slot) >= level ? 1 : 0;
    if (2 * size > table.length) {
      rehash();
    } else {
      place(slot);
    }
  }

  private void fill(int slot, ValueKey key, Match match) {
    int at = slot * COLUMNS;
    slots[at] = key.high;
    slots[at + 1] = key.low;
    slots[at + 2] = match.timeMicros();
    slots[at + 3] = match.eventIdHigh();
    slots[at + 4] = match.eventIdLow();
    slots[at + MEMBER] = match.member();
  }

  private int allocate() {
    if (free != NIL) {
      int slot = free;
      free = next[slot];
      return slot;
    }
    if (used == next.length) {
      int grown = Math.max(2, 2 * used);
      slots = Arrays.copyOf(slots, grown * COLUMNS);
      next = Arrays.copyOf(next, grown);
      previous = Arrays.copyOf(previous, grown);
    }
    return used++;
  }

  private void append(int slot) {
    previous[slot] = newest;
    next[slot] = NIL;
    if (newest == NIL) {
      oldest = slot;
    } else {
      next[newest] = slot;
    }
    newest = slot;
  }

  private void unlink(int slot) {
    if (previous[slot] == NIL) {
      oldest = next[slot];
    } else {
      next[previous[slot]] = next[slot];
    }
    if (next[slot] == NIL) {
      newest = previous[slot];
    } else {
      previous[next[slot]] = previous[slot];
    }
  }

  private void remove(int slot) {
    erase(slot);
    unlink(slot);
    next[slot] = free;
    free = slot;
    size--;
    sampled -= zeros(slot) >= level ? 1 : 0;
  }

  private static long mix(long high, long low) {
    long h = (high ^ Long.rotateLeft(low, 29)) * 0x9E3779B97F4A7C15L;
    h = (h ^ low ^ h >>> 32) * 0xD6E8FEB86659FD93L;
    return h ^ h >>> 32;
  }

  private static int zeros(long high, long low) {
    return Long.numberOfTrailingZeros(mix(high, low));
  }

  private int zeros(int slot) {
    return zeros(slots[slot * COLUMNS], slots[slot * COLUMNS + 1]);
  }

  private int home(long high, long low) {
    return (int) (mix(high ^ SEED, low) >>> 16) & table.length - 1;
  }

  private int find(long high, long low) {
    if (size == 0) {
      return NIL;
    }
    for (int at = home(high, low); table[at] != 0; at = at + 1 & table.length - 1) {
      int slot = table[at] - 1;
      if (slots[slot * COLUMNS] == high && slots[slot * COLUMNS + 1] == low) {
        return slot;
      }
    }
    return NIL;
  }

  private void place(int slot) {
    int at = home(slots[slot * COLUMNS], slots[slot * COLUMNS + 1]);
    while (table[at] != 0) {
      at = at + 1 & table.length - 1;
    }
    table[at] = slot + 1;
  }

  private void rehash() {
    table = new int[Math.max(4, Integer.highestOneBit(4 * size - 1))];
    for (int slot = oldest; slot != NIL; slot = next[slot]) {
      place(slot);
    }
  }

  /** Takes a slot out of the table and closes the gap (Knuth, 6.4, algorithm R). */
  private void erase(int slot) {
    int mask = table.length - 1;
    int gap = home(slots[slot * COLUMNS], slots[slot * COLUMNS + 1]);
    while (table[gap] != slot + 1) {
      gap = gap + 1 & mask;
    }
    for (int at = gap + 1 & mask; table[at] != 0; at = at + 1 & mask) {
      int other = table[at] - 1;
      int home = home(slots[other * COLUMNS], slots[other * COLUMNS + 1]);
      if ((at - home & mask) >= (at - gap & mask)) {
        table[gap] = table[at];
        gap = at;
      }
    }
    table[gap] = 0;
  }

  @Override
  long count() {
    return size;
  }

  @Override
  long firstMicros() {
    return slots[oldest * COLUMNS + TIME];
  }

  @Override
  List<EventRef> evidence(int cap) {
    List<EventRef> events = new ArrayList<>(Math.min(cap, size));
    for (int slot = newest; slot != NIL && events.size() < cap; slot = previous[slot]) {
      int at = slot * COLUMNS;
      events.add(
          new EventRef(slots[at + TIME], slots[at + 3], slots[at + 4], (int) slots[at + MEMBER]));
    }
    Collections.reverse(events);
    return events;
  }

  @Override
  void clear() {
    super.clear();
    slots = new long[0];
    next = new int[0];
    previous = new int[0];
    table = new int[0];
    oldest = NIL;
    newest = NIL;
    free = NIL;
    used = 0;
    size = 0;
    level = 0;
    sampled = 0;
    relaxedMicros = NEVER;
  }

  @Override
  public int format() {
    return CorrelationFormats.DISTINCT;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    writeTimes(out);
    out.writeByte(level);
    out.writeLong(relaxedMicros);
    out.writeInt(size);
    for (int slot = oldest; slot != NIL; slot = next[slot]) {
      for (int column = 0; column < COLUMNS; column++) {
        out.writeLong(slots[slot * COLUMNS + column]);
      }
    }
  }

  static DistinctValues read(DataInput in) throws IOException {
    DistinctValues values = new DistinctValues();
    values.readTimes(in);
    values.level = in.readByte();
    values.relaxedMicros = in.readLong();
    int size = in.readInt();
    if (size < 0 || size > (1 << 20)) {
      throw new IOException(size + " distinct values");
    }
    for (int slot = 0; slot < size; slot++) {
      values.allocate();
      for (int column = 0; column < COLUMNS; column++) {
        values.slots[slot * COLUMNS + column] = in.readLong();
      }
      values.append(slot);
      values.sampled += values.zeros(slot) >= values.level ? 1 : 0;
    }
    values.size = size;
    if (size > 0) {
      values.rehash();
    }
    return values;
  }

  @Override
  public long sizeBytes() {
    return 88 + 64 + 8L * slots.length + 4L * (next.length + previous.length + table.length);
  }
}

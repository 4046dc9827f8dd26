package dev.tidewatch.match.decode;

import org.jspecify.annotations.Nullable;

/** Values by hashes, bounded: emptied when full, as what it holds can be found out again. */
final class LongTable<V> {
  private final int maxSize;
  private long[] keys = new long[64];
  private @Nullable Object[] values = new Object[64];
  private int size;

  LongTable(int maxSize) {
    this.maxSize = maxSize;
  }

  @SuppressWarnings("unchecked")
  @Nullable V get(long key) {
    int mask = keys.length - 1;
    for (int i = place(key, mask); ; i = (i + 1) & mask) {
      Object value = values[i];
      if (value == null || keys[i] == key) {
        return (V) value;
      }
    }
  }

  void put(long key, V value) {
    if (size >= maxSize) {
      keys = new long[64];
      values = new Object[64];
      size = 0;
    }
    if (2 * ++size > keys.length) {
      grow();
    }
    insert(key, value);
  }

  private void grow() {
    long[] oldKeys = keys;
    Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new Object[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      Object value = oldValues[i];
      if (value != null) {
        insert(oldKeys[i], value);
      }
    }
  }

  private void insert(long key, Object value) {
    int mask = keys.length - 1;
    int i = place(key, mask);
    while (values[i] != null && keys[i] != key) {
      i = (i + 1) & mask;
    }
    keys[i] = key;
    values[i] = value;
  }

  private static int place(long key, int mask) {
    return (int) (key ^ (key >>> 32)) & mask;
  }
}

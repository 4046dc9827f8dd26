package dev.tidewatch.match.decode;

import java.util.Arrays;

/**
 * Values of one event, by number: where they stand in the session's buffer and what they are.
 * Columns instead of objects, reused from event to event.
 */
final class Slots {
  static final int STRING = 0;
  static final int NUMBER = 1;
  static final int BOOLEAN = 2;
  static final int NULL = 3;

  /** An object or an empty array: present, without a text. */
  static final int CONTAINER = 4;

  static final int KIND = 7;

  /** The bytes are JSON text with backslashes. */
  static final int ESCAPED = 8;

  static final int NON_ASCII = 16;

  /** A number whose text is not the bytes as they stand: {@code 1e5}, {@code -0}. */
  static final int REWRITTEN = 32;

  /** A number with a fraction or an exponent. */
  static final int DECIMAL = 64;

  int count;
  int[] at = new int[256];
  int[] length = new int[256];
  byte[] flags = new byte[256];

  /** The field's next value, or -1. */
  int[] next = new int[256];

  /** Where the unescaped text is, and the folded one; -1: not made yet. */
  int[] plainAt = new int[256];

  int[] plainLength = new int[256];
  int[] foldedAt = new int[256];
  int[] foldedLength = new int[256];

  int add(int from, int bytes, int what) {
    int slot = count++;
    if (slot == at.length) {
      grow();
    }
    at[slot] = from;
    length[slot] = bytes;
    flags[slot] = (byte) what;
    next[slot] = -1;
    plainAt[slot] = -1;
    foldedAt[slot] = -1;
    return slot;
  }

  private void grow() {
    int size = at.length * 2;
    at = Arrays.copyOf(at, size);
    length = Arrays.copyOf(length, size);
    flags = Arrays.copyOf(flags, size);
    next = Arrays.copyOf(next, size);
    plainAt = Arrays.copyOf(plainAt, size);
    plainLength = Arrays.copyOf(plainLength, size);
    foldedAt = Arrays.copyOf(foldedAt, size);
    foldedLength = Arrays.copyOf(foldedLength, size);
  }
}

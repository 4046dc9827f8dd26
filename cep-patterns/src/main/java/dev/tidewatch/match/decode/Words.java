package dev.tidewatch.match.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time in a long, the first byte lowest. Tests answer with the high bit of each
 * byte that passes; the lowest such bit is always right, higher ones may be set in error.
 */
public final class Words {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  static final long ONES = 0x0101010101010101L;
  static final long HIGH = 0x8080808080808080L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long SPACES = ' ' * ONES;
  private static final long PRINTABLE = (0x80 - ' ') * ONES;
  private static final long[] MASKS = masks();

  private Words() {}

  private static long[] masks() {
    long[] masks = new long[9];
    for (int i = 1; i < 8; i++) {
      masks[i] = (1L << (8 * i)) - 1;
    }
    masks[8] = -1L;
    return masks;
  }

  /** Bytes {@code at} to {@code at + 7}; the array must be that long. */
  public static long at(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  public static int intAt(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  public static void put(byte[] bytes, int at, long word) {
    LONGS.set(bytes, at, word);
  }

  /** Covers the first {@code count} bytes, 0 to 8. */
  public static long mask(int count) {
    return MASKS[count];
  }

  /**
   * Quotes, backslashes, control characters and bytes above 127; the lowest is right. A subtraction
   * borrows only from bytes above one that is special itself.
   */
  static long special(long word) {
    return (((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - SPACES) | word)
        & HIGH;
  }

  /**
   * The same, right in every byte. A byte of 7 bits reaches the high bit by adding 127 unless it is
   * zero, by adding 96 if it is 32 or more.
   */
  static long eachSpecial(long word) {
    long low = word & ~HIGH;
    long ordinary = ((low ^ QUOTES) + ~HIGH) & ((low ^ BACKSLASHES) + ~HIGH) & (low + PRINTABLE);
    return (~ordinary | word) & HIGH;
  }

  static long backslashes(long word) {
    return zero(word ^ BACKSLASHES);
  }

  /** Bytes equal to {@code value}. */
  public static long equal(long word, byte value) {
    return zero(word ^ ((value & 0xffL) * ONES));
  }

  private static long zero(long word) {
    return (word - ONES) & ~word & HIGH;
  }

  /** ASCII capitals as small letters; everything else stays. */
  public static long lower(long word) {
    long low = word & ~HIGH;
    long fromA = low + (0x80 - 'A') * ONES;
    long beyondZ = low + (0x80 - 'Z' - 1) * ONES;
    long capitals = fromA & ~beyondZ & ~word & HIGH;
    return word | (capitals >>> 2);
  }

  /** How many bytes from the first on are below 128: 0 to 8. */
  static int asciiBytes(long word) {
    long high = word & HIGH;
    return high == 0 ? 8 : Long.numberOfTrailingZeros(high) >>> 3;
  }

  /** One step of a 64-bit hash. */
  public static long mix(long hash, long word) {
    long h = (hash ^ word) * 0x9FB21C651E98DF25L;
    return h ^ (h >>> 32);
  }

  /** Hash of {@code length} bytes; up to 7 bytes behind them are read, and must be there. */
  public static long hash(byte[] bytes, int at, int length) {
    long hash = length * 0x9E3779B97F4A7C15L;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      hash = mix(hash, at(bytes, at + i));
    }
    return i < length ? mix(hash, at(bytes, at + i) & MASKS[length - i]) : hash;
  }

  /** Whether {@code key} stands at {@code at}. */
  public static boolean same(byte[] bytes, int at, byte[] key) {
    for (int i = 0; i < key.length; i++) {
      if (bytes[at + i] != key[i]) {
        return false;
      }
    }
    return true;
  }
}

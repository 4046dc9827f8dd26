package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.Words;
import java.util.Arrays;

/**
 * Finds literals anywhere in a text by a few bytes of each, its grams. The text is looked at every
 * {@code stride} bytes; so that one look falls into the literal, as many of its grams in a row are
 * known. A bitmap answers most looks, a hash table the rest.
 */
final class GramIndex {
  private static final int MULTIPLIER = 0x9E3779B1;
  private static final int LETTERS = 0x20202020;

  private final Entries entries;
  private final int gramMask;
  private final int gramSize;
  private final int stride;
  private final long[] bits;
  private final int bitShift;

  // By hash of the gram: the gram, and the first of its uses.
  private final int[] grams;
  private final int[] firstUse;
  private final int tableShift;

  // Uses: a literal and where in it the gram is.
  private final int[] nextUse;
  private final int[] useEntry;
  private final int[] useOffset;
  private int uses;

  /**
   * @param gramSize 3 or 4
   * @param stride every literal has {@code gramSize + stride - 1} bytes or more
   */
  GramIndex(Entries entries, int gramSize, int stride) {
    this.entries = entries;
    this.gramSize = gramSize;
    this.gramMask = gramSize == 4 ? -1 : (1 << 8 * gramSize) - 1;
    this.stride = stride;
    int count = entries.size() * stride;
    int bitLog = Math.min(19, Math.max(12, log(count * 24)));
    bits = new long[1 << (bitLog - 6)];
    bitShift = 32 - bitLog;
    int tableLog = Math.max(4, log(count * 2));
    grams = new int[1 << tableLog];
    firstUse = new int[1 << tableLog];
    Arrays.fill(firstUse, -1);
    tableShift = 32 - tableLog;
    nextUse = new int[count];
    useEntry = new int[count];
    useOffset = new int[count];
    for (int i = 0; i < entries.size(); i++) {
      add(i);
    }
  }

  private static int log(int size) {
    return 32 - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
  }

  private void add(int entry) {
    byte[] text = entries.texts[entry];
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int start = 0; start + gramSize + stride - 1 <= text.length; start++) {
      double common = 0;
      for (int i = 0; i < stride; i++) {
        common += Math.exp(Rarity.commonness(text, start + i, gramSize));
      }
      if (common < least) {
        least = common;
        best = start;
      }
    }
    byte[] padded = Arrays.copyOf(text, text.length + 4);
    for (int i = best; i < best + stride; i++) {
      use((Words.intAt(padded, i) | LETTERS) & gramMask, entry, i);
    }
  }

  private void use(int gram, int entry, int offset) {
    int hash = gram * MULTIPLIER;
    bits[hash >>> bitShift >>> 6] |= 1L << (hash >>> bitShift);
    int i = hash >>> tableShift;
    while (firstUse[i] >= 0 && grams[i] != gram) {
      i = (i + 1) & (grams.length - 1);
    }
    grams[i] = gram;
    nextUse[uses] = firstUse[i];
    useEntry[uses] = entry;
    useOffset[uses] = offset;
    firstUse[i] = uses++;
  }

  /** In a folded text, or one of ASCII whose capitals are to count as small letters. */
  void find(byte[] b, int at, int length, boolean folded, Hits hits) {
    final long[] bitmap = bits;
    final int shift = bitShift;
    final int mask = gramMask;
    final int last = at + length - gramSize;
    for (int i = at; i <= last; i += stride) {
      int gram = (Words.intAt(b, i) | LETTERS) & mask;
      int hash = gram * MULTIPLIER >>> shift;
      if ((bitmap[hash >>> 6] >>> hash & 1) != 0) {
        look(gram, i, b, at, at + length, folded, hits);
      }
    }
  }

  private void look(int gram, int place, byte[] b, int at, int end, boolean folded, Hits hits) {
    int i = gram * MULTIPLIER >>> tableShift;
    while (firstUse[i] >= 0) {
      if (grams[i] == gram) {
        for (int use = firstUse[i]; use >= 0; use = nextUse[use]) {
          byte[] text = entries.texts[useEntry[use]];
          int start = place - useOffset[use];
          boolean fits = start >= at && start + text.length <= end;
          if (fits && (folded ? Words.same(b, start, text) : isSame(b, start, text))) {
            hits.hit(entries, useEntry[use]);
          }
        }
        return;
      }
      i = (i + 1) & (grams.length - 1);
    }
  }

  private static boolean isSame(byte[] b, int at, byte[] lower) {
    for (int i = 0; i < lower.length; i++) {
      byte c = b[at + i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  int memory() {
    return bits.length * 8 + grams.length * 8 + uses * 12;
  }
}

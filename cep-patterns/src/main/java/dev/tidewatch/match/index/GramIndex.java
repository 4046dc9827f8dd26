package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.Words;
import java.util.Arrays;

/**
 * Finds literals anywhere in a text by a few bytes of each, its grams. The text is looked at every
 * {@code stride} bytes; so that one look falls into the literal, as many of its grams in a row are
 * known. A table of hashes answers most looks, a hash table the rest.
 */
final class GramIndex {
  private static final int MULTIPLIER = 0x9E3779B1;
  private static final int LETTERS = 0x20202020;

  private final byte[][] texts;
  private final int[] numbers;
  private final int gramMask;
  private final int gramSize;
  private final int stride;

  /** By hash of a gram: whether it may be known. */
  private final byte[] table;

  private final int tableShift;

  // By hash of the gram: the gram, and the first of its uses.
  private final int[] grams;
  private final int[] firstUse;
  private final int gramShift;

  // Uses: a literal and where in it the gram is.
  private final int[] nextUse;
  private final int[] useEntry;
  private final int[] useOffset;
  private int uses;

  /**
   * @param gramSize 3 or 4
   * @param stride 1, 2, 4, 6 or 8; every literal has {@code gramSize + stride - 1} bytes or more
   */
  GramIndex(Literals literals, int gramSize, int stride) {
    this.texts = literals.texts();
    this.numbers = literals.numbers();
    this.gramSize = gramSize;
    this.gramMask = gramSize == 4 ? -1 : (1 << 8 * gramSize) - 1;
    this.stride = stride;
    int count = texts.length * stride;
    int bits = Math.min(17, Math.max(12, log(count * 128)));
    table = new byte[1 << bits];
    tableShift = 32 - bits;
    int tableLog = Math.max(4, log(count * 2));
    grams = new int[1 << tableLog];
    firstUse = new int[1 << tableLog];
    Arrays.fill(firstUse, -1);
    gramShift = 32 - tableLog;
    nextUse = new int[count];
    useEntry = new int[count];
    useOffset = new int[count];
    for (int i = 0; i < texts.length; i++) {
      add(i);
    }
  }

  private static int log(int size) {
    return 32 - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
  }

  private void add(int entry) {
    byte[] text = texts[entry];
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
    table[hash >>> tableShift] = 1;
    int i = hash >>> gramShift;
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
    int end = at + length;
    // The usual strides as constants, of which a compiler makes more.
    if (gramSize == 4 && stride == 8) {
      every8(b, at, end, folded, hits);
    } else if (gramSize == 4 && stride == 6) {
      every6(b, at, end, folded, hits);
    } else if (gramSize == 4 && stride == 4) {
      every4(b, at, end, folded, hits);
    } else {
      every(stride, b, at, end, folded, hits);
    }
  }

  private void every8(byte[] b, int at, int end, boolean folded, Hits hits) {
    final byte[] known = table;
    final int shift = tableShift;
    final int last = end - 4;
    int i = at;
    for (; i <= last - 8; i += 16) {
      int one = (Words.intAt(b, i) | LETTERS) * MULTIPLIER >>> shift;
      int two = (Words.intAt(b, i + 8) | LETTERS) * MULTIPLIER >>> shift;
      if ((known[one] | known[two]) != 0) {
        look(i, b, at, end, folded, hits);
        look(i + 8, b, at, end, folded, hits);
      }
    }
    if (i <= last) {
      look(i, b, at, end, folded, hits);
    }
  }

  private void every6(byte[] b, int at, int end, boolean folded, Hits hits) {
    final byte[] known = table;
    final int shift = tableShift;
    final int last = end - 4;
    int i = at;
    for (; i <= last - 6; i += 12) {
      int one = (Words.intAt(b, i) | LETTERS) * MULTIPLIER >>> shift;
      int two = (Words.intAt(b, i + 6) | LETTERS) * MULTIPLIER >>> shift;
      if ((known[one] | known[two]) != 0) {
        look(i, b, at, end, folded, hits);
        look(i + 6, b, at, end, folded, hits);
      }
    }
    if (i <= last) {
      look(i, b, at, end, folded, hits);
    }
  }

  private void every4(byte[] b, int at, int end, boolean folded, Hits hits) {
    final byte[] known = table;
    final int shift = tableShift;
    final int last = end - 4;
    int i = at;
    for (; i <= last - 4; i += 8) {
      int one = (Words.intAt(b, i) | LETTERS) * MULTIPLIER >>> shift;
      int two = (Words.intAt(b, i + 4) | LETTERS) * MULTIPLIER >>> shift;
      if ((known[one] | known[two]) != 0) {
        look(i, b, at, end, folded, hits);
        look(i + 4, b, at, end, folded, hits);
      }
    }
    if (i <= last) {
      look(i, b, at, end, folded, hits);
    }
  }

  private void every(int step, byte[] b, int at, int end, boolean folded, Hits hits) {
    final byte[] known = table;
    final int shift = tableShift;
    final int mask = gramMask;
    for (int i = at; i <= end - gramSize; i += step) {
      int hash = ((Words.intAt(b, i) | LETTERS) & mask) * MULTIPLIER >>> shift;
      if (known[hash] != 0) {
        look(i, b, at, end, folded, hits);
      }
    }
  }

  private int gram(byte[] b, int place) {
    return (Words.intAt(b, place) | LETTERS) & gramMask;
  }

  private void look(int place, byte[] b, int at, int end, boolean folded, Hits hits) {
    int gram = gram(b, place);
    int i = gram * MULTIPLIER >>> gramShift;
    while (firstUse[i] >= 0) {
      if (grams[i] == gram) {
        for (int use = firstUse[i]; use >= 0; use = nextUse[use]) {
          int entry = useEntry[use];
          byte[] text = texts[entry];
          int start = place - useOffset[use];
          boolean fits = start >= at && start + text.length <= end && !hits.has(numbers[entry]);
          if (fits && (folded ? Words.same(b, start, text) : isSame(b, start, text))) {
            hits.add(numbers[entry]);
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
    return table.length + grams.length * 8 + uses * 12;
  }
}

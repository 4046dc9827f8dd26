package dev.tidewatch.match.index;

import org.jspecify.annotations.Nullable;

/** Literals anywhere in a text, by their length: the longer, the fewer places to look at. */
final class TextIndex {
  private static final int LONG = 7;

  private final @Nullable GramIndex longs;
  private final @Nullable GramIndex middles;
  private final @Nullable GramIndex threes;
  private final Literals shorts;

  /**
   * @param widest the stride for literals of 7 bytes or more is at most this
   */
  TextIndex(Literals literals, int widest) {
    Literals long7 = literals.with(text -> text.length >= LONG);
    Literals five = literals.with(text -> text.length >= 5 && text.length < LONG);
    Literals three = literals.with(text -> text.length == 3 || text.length == 4);
    int stride = Math.min(widest, long7.shortest() - 3) & ~1;
    longs = long7.isEmpty() ? null : new GramIndex(long7, 4, stride);
    middles = five.isEmpty() ? null : new GramIndex(five, 4, 2);
    threes = three.isEmpty() ? null : new GramIndex(three, 3, 1);
    shorts = literals.with(text -> text.length < 3);
  }

  /** See {@link GramIndex#find}. */
  void find(byte[] b, int at, int length, boolean folded, Hits hits) {
    if (longs != null) {
      longs.find(b, at, length, folded, hits);
    }
    if (middles != null) {
      middles.find(b, at, length, folded, hits);
    }
    if (threes != null) {
      threes.find(b, at, length, folded, hits);
    }
    for (int i = 0; i < shorts.size(); i++) {
      if (!hits.has(shorts.numbers()[i]) && ByteSearch.contains(b, at, length, shorts.texts()[i])) {
        hits.add(shorts.numbers()[i]);
      }
    }
  }
}

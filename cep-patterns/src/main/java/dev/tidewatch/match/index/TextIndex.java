package dev.tidewatch.match.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Literals anywhere in a text, by their length: the longer, the fewer places to look at. */
final class TextIndex {
  private static final int LONG = 7;

  private final @Nullable GramIndex longs;
  private final @Nullable GramIndex middles;
  private final @Nullable GramIndex threes;
  private final Entries shorts;

  /**
   * @param widest the stride for literals of 7 bytes or more is at most this
   */
  TextIndex(List<Entries.Entry> entries, int widest) {
    List<Entries.Entry> long7 = new ArrayList<>();
    List<Entries.Entry> four = new ArrayList<>();
    List<Entries.Entry> three = new ArrayList<>();
    List<Entries.Entry> short2 = new ArrayList<>();
    int shortest = Integer.MAX_VALUE;
    for (Entries.Entry entry : entries) {
      int length = entry.literal().text().length;
      (length >= LONG ? long7 : length >= 4 ? four : length == 3 ? three : short2).add(entry);
      shortest = length >= LONG ? Math.min(shortest, length) : shortest;
    }
    int stride = Math.min(widest, shortest - 3);
    longs = long7.isEmpty() ? null : new GramIndex(Entries.of(long7), 4, stride);
    middles = four.isEmpty() ? null : new GramIndex(Entries.of(four), 4, 1);
    threes = three.isEmpty() ? null : new GramIndex(Entries.of(three), 3, 1);
    shorts = Entries.of(short2);
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
      if (ByteSearch.contains(b, at, length, shorts.texts[i])) {
        hits.hit(shorts, i);
      }
    }
  }
}

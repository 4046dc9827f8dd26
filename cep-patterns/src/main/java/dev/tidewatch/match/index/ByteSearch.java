package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.Words;

/** Where bytes are among bytes. Up to 7 bytes behind the text are read. */
final class ByteSearch {
  private ByteSearch() {}

  /** Where {@code wanted} first starts in {@code b[from, limit)}, or -1. */
  static int indexOf(byte[] b, int from, int limit, byte[] wanted) {
    if (wanted.length == 0) {
      return from <= limit ? from : -1;
    }
    int last = limit - wanted.length;
    byte first = wanted[0];
    byte end = wanted[wanted.length - 1];
    int gap = wanted.length - 1;
    for (int i = from; i <= last; i += 8) {
      long found = Words.equal(Words.at(b, i), first);
      // Bits above the lowest may be wrong, so each place is looked at.
      while (found != 0) {
        int at = i + (Long.numberOfTrailingZeros(found) >>> 3);
        if (at > last) {
          return -1;
        }
        if (b[at + gap] == end && Words.same(b, at, wanted)) {
          return at;
        }
        found &= found - 1;
      }
    }
    return -1;
  }

  static boolean contains(byte[] b, int at, int length, byte[] wanted) {
    return indexOf(b, at, at + length, wanted) >= 0;
  }
}

package dev.tidewatch.match.index;

import dev.tidewatch.match.decode.EventFields;
import dev.tidewatch.match.decode.Words;
import java.util.Arrays;

/**
 * What was found in short values seen lately, by index and the value's bytes as they stand in the
 * payload: most values of a stream have been there a moment ago. A table of fixed size in which a
 * new value replaces the one at its place; nothing is allocated after the first event. Belongs to
 * one thread.
 */
final class ValueCache {
  private static final int LOG_SIZE = 12;
  private static final int LOG_TEXT = 7;
  private static final int LOG_HITS = 4;
  private static final int LONGEST = (1 << LOG_TEXT) - 8;
  private static final int MOST_HITS = (1 << LOG_HITS) - 1;
  private static final int NONE = -1;

  // By place: whose value, its hash and kind, its bytes, and the literals found, counted first.
  private final int[] owners = new int[1 << LOG_SIZE];
  private final long[] hashes = new long[1 << LOG_SIZE];
  private final byte[] texts = new byte[1 << LOG_SIZE + LOG_TEXT];
  private final int[] hits = new int[1 << LOG_SIZE + LOG_HITS];

  /** Of the value that was asked for last and not found. */
  private long missed;

  ValueCache() {
    Arrays.fill(owners, NONE);
  }

  /** The place of what is known of a value, or -1. */
  int find(FieldIndex index, EventFields<?> event, int slot) {
    int id = index.id;
    int length = event.rawLength(slot);
    if (length > LONGEST) {
      return NONE;
    }
    byte[] b = event.buffer();
    int at = event.rawAt(slot);
    long hash = Words.mix(Words.hash(b, at, length), (long) id << 8 | event.rawKind(slot));
    int place = place(hash);
    if (hashes[place] != hash || owners[place] != id || !isText(place, b, at, length)) {
      missed = hash;
      return NONE;
    }
    return place;
  }

  private static int place(long hash) {
    return (int) (hash >>> 64 - LOG_SIZE);
  }

  private boolean isText(int place, byte[] b, int at, int length) {
    int mine = place << LOG_TEXT;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      if (Words.at(texts, mine + i) != Words.at(b, at + i)) {
        return false;
      }
    }
    long differs = Words.at(texts, mine + i) ^ Words.at(b, at + i);
    return (differs & Words.mask(length - i)) == 0 && texts[mine + LONGEST] == (byte) length;
  }

  /** Keeps what was found in the value that {@link #find} was asked for last. */
  void put(FieldIndex index, EventFields<?> event, int slot, Hits found) {
    int length = event.rawLength(slot);
    if (length > LONGEST || found.count > MOST_HITS) {
      return;
    }
    int place = place(missed);
    owners[place] = index.id;
    hashes[place] = missed;
    System.arraycopy(event.buffer(), event.rawAt(slot), texts, place << LOG_TEXT, length);
    texts[(place << LOG_TEXT) + LONGEST] = (byte) length;
    int first = place << LOG_HITS;
    hits[first] = found.count;
    System.arraycopy(found.numbers, 0, hits, first + 1, found.count);
  }

  int[] hits() {
    return hits;
  }

  /** Where in {@link #hits} those of a place begin. */
  int first(int place) {
    return (place << LOG_HITS) + 1;
  }

  int count(int place) {
    return hits[place << LOG_HITS];
  }
}

package dev.tidewatch.match.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A path of keys that events have; arrays on the way do not count. Knows what it may be and which
 * key tends to follow, and holds the values of the event that is being read. Belongs to one
 * session; fields are open to its package for speed.
 */
final class KeyNode {
  final @Nullable KeyNode parent;
  final String key;
  final int serial;

  /** The key as it stands in JSON, with its closing quote and a colon. */
  final byte[] tail;

  private final long[] words;
  private final long lastMask;

  Role[] roles = {};

  /** Values are noted. */
  boolean wanted;

  /** Members are looked at. */
  boolean open;

  /** Neither: the value is skipped. */
  boolean skipped;

  /** See {@link FieldCatalog#shapeRole}. */
  byte shapeRole;

  /** Scopes (by index) that an array of objects here leaves to the reference. */
  long scopesIfArray;

  /** Scopes (by index) that an object here leaves to the reference too. */
  long scopesIfObject;

  /** Scopes (by index) that any value here leaves to the reference. */
  long scopesIfPresent;

  /** An XML attribute: the reference takes an array here as one value. */
  boolean attribute;

  /** What is noted here is noted there too: the same key under any sibling. */
  @Nullable KeyNode star;

  /** The star of this node's members: this node's objects are scopes one by one. */
  @Nullable KeyNode starOfMembers;

  /** {@code #text}: values count as this one's. */
  @Nullable KeyNode textOf;

  /** A keyword may be in the key itself. */
  boolean suspicious;

  // Members, by hash.
  private KeyNode[] table = new KeyNode[0];
  private long[] hashes = new long[0];
  private int size;

  // Prediction.
  @Nullable KeyNode firstMember;
  @Nullable KeyNode next;
  @Nullable KeyNode nextToo;

  // The event that is being read.
  int event;
  int first;
  int last;

  /** Serial of the object that this key was last seen in. */
  long seenIn;

  KeyNode(@Nullable KeyNode parent, String key, int serial) {
    this.parent = parent;
    this.key = key;
    this.serial = serial;
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    tail = Arrays.copyOf(name, name.length + 2);
    tail[name.length] = '"';
    tail[name.length + 1] = ':';
    int count = (tail.length + 7) / 8;
    byte[] padded = Arrays.copyOf(tail, count * 8);
    words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = Words.at(padded, i * 8);
    }
    lastMask = Words.mask(tail.length - (count - 1) * 8);
  }

  /** Whether this key, its quote and a colon stand at {@code at}. */
  boolean standsAt(byte[] bytes, int at) {
    long[] wanted = words;
    int last = wanted.length - 1;
    for (int i = 0; i < last; i++) {
      if (Words.at(bytes, at + 8 * i) != wanted[i]) {
        return false;
      }
    }
    return (Words.at(bytes, at + 8 * last) & lastMask) == wanted[last];
  }

  /** The member with this key, or null. */
  @Nullable KeyNode member(long hash, byte[] bytes, int from, int to) {
    if (size == 0) {
      return null;
    }
    int mask = table.length - 1;
    for (int i = (int) hash & mask; table[i] != null; i = (i + 1) & mask) {
      KeyNode found = table[i];
      if (hashes[i] == hash
          && found.tail.length - 2 == to - from
          && Arrays.equals(found.tail, 0, to - from, bytes, from, to)) {
        return found;
      }
    }
    return null;
  }

  void addMember(long hash, KeyNode member) {
    if (2 * ++size > table.length) {
      KeyNode[] old = table;
      long[] oldHashes = hashes;
      table = new KeyNode[Math.max(8, old.length * 2)];
      hashes = new long[table.length];
      for (int i = 0; i < old.length; i++) {
        if (old[i] != null) {
          insert(oldHashes[i], old[i]);
        }
      }
    }
    insert(hash, member);
  }

  private void insert(long hash, KeyNode member) {
    int mask = table.length - 1;
    int i = (int) hash & mask;
    while (table[i] != null) {
      i = (i + 1) & mask;
    }
    table[i] = member;
    hashes[i] = hash;
  }
}

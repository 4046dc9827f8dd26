package dev.tidewatch.match.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks a payload's JSON and notes the values that fields can be at.
 *
 * <p>Everything is checked as the reference's parser checks it (grammar, escapes, control
 * characters, numbers), skipped parts too; what does not pass ends in {@link Unusual}, and the
 * reference says what is wrong. Keys are guessed from the key before (events of one kind have
 * theirs in one order) and compared as longs; strings are stepped through eight bytes at a time.
 */
final class PayloadDecoder {
  /** Behind the payload: zeros that end every loop, as control characters are not JSON. */
  static final int PADDING = 32;

  private static final byte KELVIN_LEAD = (byte) 0xE2;
  private static final byte KELVIN_NEXT = (byte) 0x84;
  private static final byte LONG_S_LEAD = (byte) 0xC5;
  private static final int MAX_DEPTH = 128;
  private static final int MAX_BYTES = 900_000;
  private static final int MAX_DIGITS = 900;
  private static final int MAX_EXPONENT_DIGITS = 6;
  private static final int TRUE = 0x65757274;
  private static final int NULLS = 0x6c6c756e;
  private static final int FALS = 0x736c6166;

  private static final byte[] ESCAPES = escapes();

  final Slots slots = new Slots();
  KeyTree tree;
  byte[] buffer = new byte[1 << 16];

  /** Bytes of the payload; they start at 0. */
  int length;

  /** Free space of the buffer starts here. */
  int scratch;

  /** Number of the event; stamps what belongs to it. */
  int event;

  /** Hash over what decides the event's shape. */
  long shape;

  /** Scopes (by index) whose fields only the reference finds in this event. */
  long unusualScopes;

  /** Of any string of the payload. */
  boolean hasEscapes;

  boolean hasUnicodeEscapes;
  boolean nonAscii;

  /** A character that may fold to an ASCII letter: the Kelvin sign, the long s. */
  boolean foldsToAscii;

  boolean hasRewrittenNumbers;
  boolean hasArrayOfObjects;

  /** A key has a keyword in it. */
  boolean hasSuspiciousKey;

  /** Strings of so many bytes or more are noted. */
  int shortestKeyword = Integer.MAX_VALUE;

  int strings;
  int[] stringAt = new int[64];
  int[] stringLength = new int[64];

  private final long seed;
  private long objects;

  /** Of the value read last. */
  private int flags;

  /** The object read last has a {@code #text}, which stands for it. */
  private boolean tookText;

  PayloadDecoder(KeyTree tree, long seed) {
    this.tree = tree;
    this.seed = seed;
  }

  private static byte[] escapes() {
    byte[] valid = new byte[256];
    for (char c : new char[] {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'}) {
      valid[c] = 1;
    }
    return valid;
  }

  /** Reads one event. */
  void read(byte[] payload, int offset, int bytes) {
    begin(payload, offset, bytes);
    final byte[] b = buffer;
    int p = space(b, 0);
    if (b[p] != '{') {
      throw Unusual.MALFORMED;
    }
    p = space(b, object(tree.root, p + 1, 0));
    if (p != bytes) {
      throw Unusual.MALFORMED;
    }
  }

  /** Makes sure of {@code bytes} of free space, and room to read and write beyond. */
  void reserve(int bytes) {
    if (buffer.length - scratch < bytes + 64) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2 + bytes);
    }
  }

  private void begin(byte[] payload, int offset, int bytes) {
    if (bytes > MAX_BYTES) {
      throw Unusual.TOO_LARGE;
    }
    if (buffer.length < bytes * 4 + 1024) {
      buffer = new byte[bytes * 4 + 1024];
    }
    System.arraycopy(payload, offset, buffer, 0, bytes);
    Arrays.fill(buffer, bytes, bytes + PADDING, (byte) 0);
    length = bytes;
    scratch = bytes + PADDING;
    event++;
    slots.count = 0;
    shape = seed;
    unusualScopes = 0;
    hasEscapes = false;
    hasUnicodeEscapes = false;
    nonAscii = false;
    foldsToAscii = false;
    hasRewrittenNumbers = false;
    hasArrayOfObjects = false;
    hasSuspiciousKey = false;
    strings = 0;
  }

  private static int space(byte[] b, int from) {
    int p = from;
    byte c = b[p];
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      c = b[++p];
    }
    return p;
  }

  /** From behind the opening brace to behind the closing one. */
  private int object(KeyNode owner, int from, int depth) {
    if (depth > MAX_DEPTH) {
      throw Unusual.TOO_LARGE;
    }
    final byte[] b = buffer;
    final long serial = ++objects;
    KeyNode before = null;
    boolean text = false;
    int p = from;
    byte c = b[p];
    if (c != '"') {
      p = space(b, p);
      if (b[p] == '}') {
        tookText = false;
        return p + 1;
      }
    }
    while (true) {
      if (b[p] != '"') {
        throw Unusual.MALFORMED;
      }
      p++;
      KeyNode node = before == null ? owner.firstMember : before.next;
      if (node != null && node.standsAt(b, p)) {
        p += node.tail.length;
      } else {
        node = otherKey(owner, before, node, p);
        p = behindKey(b, p, node);
      }
      if (node.seenIn == serial) {
        throw Unusual.DUPLICATE_KEY;
      }
      node.seenIn = serial;
      text |= node.textOf != null;
      hasSuspiciousKey |= node.suspicious;
      before = node;
      c = b[p];
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        p = space(b, p);
        c = b[p];
      }
      if (c == '"') {
        int start = p + 1;
        p = string(b, start);
        noteString(start, p - start);
        if (node.wanted) {
          note(node, start, p - start, flags);
        }
        p++;
      } else {
        p = value(node, p, depth);
      }
      c = b[p];
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        p = space(b, p);
        c = b[p];
      }
      if (c == ',') {
        c = b[++p];
        if (c != '"') {
          p = space(b, p);
        }
      } else if (c == '}') {
        tookText = text;
        return p + 1;
      } else {
        throw Unusual.MALFORMED;
      }
    }
  }

  /** Strings that may have a keyword. */
  private void noteString(int at, int size) {
    if (size < shortestKeyword) {
      return;
    }
    if (strings == stringAt.length) {
      stringAt = Arrays.copyOf(stringAt, 2 * strings);
      stringLength = Arrays.copyOf(stringLength, 2 * strings);
    }
    stringAt[strings] = at;
    stringLength[strings++] = size;
  }

  /** The second guess, or the key as it is looked up; remembered as the next guess. */
  private KeyNode otherKey(
      KeyNode owner, @Nullable KeyNode before, @Nullable KeyNode guessed, int at) {
    KeyNode found = before == null ? null : before.nextToo;
    if (found == null || !found.standsAt(buffer, at)) {
      int end = string(buffer, at);
      if ((flags & Slots.ESCAPED) != 0) {
        throw Unusual.ESCAPED_KEY;
      }
      found = tree.member(owner, buffer, at, end);
    }
    if (before == null) {
      owner.firstMember = found;
    } else {
      before.nextToo = guessed;
      before.next = found;
    }
    return found;
  }

  private static int behindKey(byte[] b, int at, KeyNode node) {
    int p = space(b, at + node.tail.length - 1);
    if (b[p] != ':') {
      throw Unusual.MALFORMED;
    }
    return p + 1;
  }

  /** A value that is no string. */
  private int value(KeyNode node, int p, int depth) {
    byte c = buffer[p];
    if (c == '{') {
      return member(node, p, depth);
    }
    if (c == '[') {
      return node.skipped ? skipArray(p + 1, depth + 1) : array(node, p + 1, depth + 1);
    }
    int end = literal(buffer, p);
    if (node.wanted) {
      note(node, p, end - p, flags);
    }
    return end;
  }

  private int member(KeyNode node, int p, int depth) {
    if (node.skipped) {
      return skipObject(p + 1, depth + 1);
    }
    unusualScopes |= node.scopesIfObject;
    KeyNode parent = node.parent;
    if (parent != null && parent.starOfMembers != null) {
      enterStar(parent.starOfMembers);
    }
    int end = object(node, p + 1, depth + 1);
    if (node.wanted && !tookText) {
      note(node, p, end - p, Slots.CONTAINER);
    }
    return end;
  }

  private void enterStar(KeyNode star) {
    if (star.event == event) {
      unusualScopes |= star.scopesIfObject;
    }
    star.event = event;
  }

  private int array(KeyNode node, int from, int depth) {
    if (depth > MAX_DEPTH) {
      throw Unusual.TOO_LARGE;
    }
    final byte[] b = buffer;
    if (node.attribute) {
      unusualScopes |= node.scopesIfObject;
    }
    int p = space(b, from);
    if (b[p] == ']') {
      if (node.wanted) {
        note(node, from, 0, Slots.CONTAINER);
      }
      return p + 1;
    }
    while (true) {
      if (b[p] == '"') {
        int start = p + 1;
        p = string(b, start);
        noteString(start, p - start);
        if (node.wanted) {
          note(node, start, p - start, flags);
        }
        p++;
      } else {
        if (b[p] == '{') {
          unusualScopes |= node.scopesIfArray;
          hasArrayOfObjects = true;
        }
        p = value(node, p, depth);
      }
      p = space(b, p);
      if (b[p] == ']') {
        return p + 1;
      }
      if (b[p] != ',') {
        throw Unusual.MALFORMED;
      }
      p = space(b, p + 1);
    }
  }

  private int skipObject(int from, int depth) {
    if (depth > MAX_DEPTH) {
      throw Unusual.TOO_LARGE;
    }
    final byte[] b = buffer;
    int p = space(b, from);
    if (b[p] == '}') {
      return p + 1;
    }
    while (true) {
      if (b[p] != '"') {
        throw Unusual.MALFORMED;
      }
      p = space(b, skipString(p + 1));
      if (b[p] != ':') {
        throw Unusual.MALFORMED;
      }
      p = space(b, skipValue(space(b, p + 1), depth));
      if (b[p] == '}') {
        return p + 1;
      }
      if (b[p] != ',') {
        throw Unusual.MALFORMED;
      }
      p = space(b, p + 1);
    }
  }

  private int skipArray(int from, int depth) {
    if (depth > MAX_DEPTH) {
      throw Unusual.TOO_LARGE;
    }
    final byte[] b = buffer;
    int p = space(b, from);
    if (b[p] == ']') {
      return p + 1;
    }
    while (true) {
      p = space(b, skipValue(p, depth));
      if (b[p] == ']') {
        return p + 1;
      }
      if (b[p] != ',') {
        throw Unusual.MALFORMED;
      }
      p = space(b, p + 1);
    }
  }

  private int skipValue(int p, int depth) {
    return switch (buffer[p]) {
      case '"' -> skipString(p + 1);
      case '{' -> skipObject(p + 1, depth + 1);
      case '[' -> skipArray(p + 1, depth + 1);
      default -> literal(buffer, p);
    };
  }

  private int skipString(int start) {
    int end = string(buffer, start);
    noteString(start, end - start);
    return end + 1;
  }

  /** From behind the opening quote to the closing one; leaves what it saw in {@link #flags}. */
  private int string(byte[] b, int from) {
    int p = from;
    long special;
    while ((special = Words.special(Words.at(b, p))) == 0) {
      p += 8;
    }
    p += Long.numberOfTrailingZeros(special) >>> 3;
    if (b[p] == '"') {
      flags = 0;
      return p;
    }
    return unusualString(b, p);
  }

  /** The same from the first byte on that is special. */
  private int unusualString(byte[] b, int from) {
    int p = from;
    int seen = 0;
    while (true) {
      long special = Words.eachSpecial(Words.at(b, p));
      // Escapes within the word are stepped over without loading it again.
      while (special != 0) {
        int i = Long.numberOfTrailingZeros(special) >>> 3;
        if (i > 5 || b[p + i] != '\\' || ESCAPES[b[p + i + 1] & 0xff] == 0) {
          break;
        }
        seen |= Slots.ESCAPED;
        special &= -1L << (8 * i + 16);
      }
      if (special == 0) {
        p += 8;
        continue;
      }
      p += Long.numberOfTrailingZeros(special) >>> 3;
      byte c = b[p];
      if (c == '"') {
        flags = seen;
        hasEscapes |= (seen & Slots.ESCAPED) != 0;
        return p;
      }
      if (c == '\\') {
        seen |= Slots.ESCAPED;
        p = escape(b, p);
      } else if (c < 0) {
        seen |= Slots.NON_ASCII;
        p = behindNonAscii(b, p);
      } else {
        throw Unusual.MALFORMED;
      }
    }
  }

  private int behindNonAscii(byte[] b, int from) {
    int p = from;
    byte c = b[p];
    nonAscii = true;
    do {
      foldsToAscii |= c == KELVIN_LEAD && b[p + 1] == KELVIN_NEXT || c == LONG_S_LEAD;
      c = b[++p];
    } while (c < 0);
    return p;
  }

  private int escape(byte[] b, int at) {
    byte c = b[at + 1];
    if (ESCAPES[c & 0xff] != 0) {
      return at + 2;
    }
    if (c != 'u') {
      throw Unusual.MALFORMED;
    }
    hasUnicodeEscapes = true;
    for (int i = at + 2; i < at + 6; i++) {
      if (Text.hexDigit(b[i]) < 0) {
        throw Unusual.MALFORMED;
      }
    }
    return at + 6;
  }

  private int literal(byte[] b, int p) {
    byte c = b[p];
    if (c == 't' && Words.intAt(b, p) == TRUE) {
      flags = Slots.BOOLEAN;
      return p + 4;
    }
    if (c == 'f' && Words.intAt(b, p) == FALS && b[p + 4] == 'e') {
      flags = Slots.BOOLEAN;
      return p + 5;
    }
    if (c == 'n' && Words.intAt(b, p) == NULLS) {
      flags = Slots.NULL;
      return p + 4;
    }
    return number(b, p);
  }

  private int number(byte[] b, int from) {
    int p = from;
    int seen = Slots.NUMBER;
    if (b[p] == '-') {
      p++;
      seen |= b[p] == '0' ? Slots.REWRITTEN : 0;
    }
    int start = p;
    p = digits(b, p);
    if (p == start || b[start] == '0' && p > start + 1) {
      throw Unusual.MALFORMED;
    }
    if (b[p] == '.') {
      int fraction = p + 1;
      p = digits(b, fraction);
      if (p == fraction) {
        throw Unusual.MALFORMED;
      }
      seen |= Slots.DECIMAL | (isTiny(b, start, fraction) ? Slots.REWRITTEN : 0);
    }
    if ((b[p] | 0x20) == 'e') {
      seen |= Slots.DECIMAL | Slots.REWRITTEN;
      p++;
      p += b[p] == '-' || b[p] == '+' ? 1 : 0;
      int exponent = p;
      p = digits(b, p);
      if (p == exponent) {
        throw Unusual.MALFORMED;
      }
      if (p - exponent > MAX_EXPONENT_DIGITS) {
        throw Unusual.TOO_LARGE;
      }
    }
    if (p - from > MAX_DIGITS) {
      throw Unusual.TOO_LARGE;
    }
    hasRewrittenNumbers |= (seen & Slots.REWRITTEN) != 0;
    flags = seen;
    return p;
  }

  /** Numbers below 0.000001 are shown with an exponent. */
  private static boolean isTiny(byte[] b, int start, int fraction) {
    if (b[start] != '0') {
      return false;
    }
    for (int i = 0; i < 6; i++) {
      if (b[fraction + i] != '0') {
        return false;
      }
    }
    return true;
  }

  private static int digits(byte[] b, int from) {
    int p = from;
    while (b[p] >= '0' && b[p] <= '9') {
      p++;
    }
    return p;
  }

  private void note(KeyNode node, int at, int bytes, int what) {
    add(node, at, bytes, what);
    unusualScopes |= node.scopesIfPresent;
    KeyNode star = node.star;
    if (star != null && star.wanted) {
      add(star, at, bytes, what);
    }
    KeyNode owner = node.textOf;
    if (owner != null) {
      note(owner, at, bytes, what);
    }
  }

  private void add(KeyNode node, int at, int bytes, int what) {
    int slot = slots.add(at, bytes, what);
    if (node.event == event) {
      slots.next[node.last] = slot;
    } else {
      node.event = event;
      node.first = slot;
    }
    node.last = slot;
    if (node.shapeRole != 0) {
      sign(node, at, bytes, what);
    }
  }

  private void sign(KeyNode node, int at, int bytes, int what) {
    int kind = what & Slots.KIND;
    long hash = Words.mix(shape, ((long) node.serial << 3) + kind);
    if (node.shapeRole == 2 && kind != Slots.CONTAINER) {
      hash = Words.mix(hash, Words.hash(buffer, at, bytes) + kind);
    }
    shape = hash;
  }
}

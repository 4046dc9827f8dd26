package dev.tidewatch.match.index;

/**
 * Reads addresses from bytes without allocating: dotted ones, and colons between groups of
 * hexadecimal digits. Rarer spellings are left to the reference. Belongs to one thread.
 */
final class AddressReader {
  static final int NONE = 0;
  static final int V4 = 4;
  static final int V6 = 6;

  /** Only the reference can tell: a zone, a dotted end, groups that are too long. */
  static final int UNSURE = -1;

  private static final int SHORTEST = 7;
  private static final int LONGEST = 15;
  private static final int GROUPS = 8;
  private static final long MAPPED = 0xffff;

  /** The first 8 bytes of an IPv6 address. */
  long high;

  /** The last 8 bytes, or an IPv4 address. */
  long low;

  /** {@link #V4}, {@link #V6}, {@link #NONE} or {@link #UNSURE}; IPv4 in IPv6 counts as IPv4. */
  int read(byte[] b, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (b[i] == ':') {
        return readGroups(b, at, at + length);
      }
    }
    return readDotted(b, at, length) ? V4 : NONE;
  }

  /** Four decimal numbers without leading zeros. */
  private boolean readDotted(byte[] b, int at, int length) {
    if (length < SHORTEST || length > LONGEST) {
      return false;
    }
    long address = 0;
    int parts = 0;
    int value = -1;
    for (int i = at; i < at + length; i++) {
      byte c = b[i];
      if (c == '.') {
        if (value < 0) {
          return false;
        }
        address = address << 8 | value;
        parts++;
        value = -1;
      } else if (c < '0' || c > '9' || value == 0) {
        return false;
      } else {
        value = Math.max(value, 0) * 10 + c - '0';
        if (value > 255) {
          return false;
        }
      }
    }
    high = 0;
    low = address << 8 | Math.max(value, 0);
    return parts == 3 && value >= 0;
  }

  private int readGroups(byte[] b, int at, int end) {
    high = 0;
    low = 0;
    int groups = 0;
    int gap = -1;
    int p = at;
    if (end - at >= 2 && b[p] == ':' && b[p + 1] == ':') {
      gap = 0;
      p += 2;
    }
    while (p < end) {
      int digits = 0;
      int value = 0;
      for (; p < end && digit(b[p]) >= 0; p++, digits++) {
        value = value << 4 | digit(b[p]);
        if (digits == 4) {
          return UNSURE;
        }
      }
      if (digits == 0 || groups == GROUPS) {
        return UNSURE;
      }
      append(value);
      groups++;
      if (p == end) {
        break;
      }
      if (b[p] != ':' || p + 1 == end) {
        return UNSURE;
      }
      p++;
      if (b[p] == ':') {
        if (gap >= 0) {
          return UNSURE;
        }
        gap = groups;
        p++;
      }
    }
    if (gap < 0 ? groups != GROUPS : groups > GROUPS - 2) {
      return UNSURE;
    }
    spread(groups, gap);
    return high == 0 && low >>> 32 == MAPPED ? mapped() : V6;
  }

  private int mapped() {
    low &= 0xffffffffL;
    return V4;
  }

  private void append(int group) {
    high = high << 16 | low >>> 48;
    low = low << 16 | group;
  }

  /** Moves the groups before the gap to the front. */
  private void spread(int groups, int gap) {
    if (gap < 0) {
      return;
    }
    int behind = groups - gap;
    long allHigh = high;
    long allLow = low;
    long tailHigh = behind <= 4 ? 0 : allHigh & mask(behind - 4);
    long tailLow = behind >= 4 ? allLow : allLow & mask(behind);
    high = 0;
    low = 0;
    for (int i = 0; i < GROUPS; i++) {
      append(i < gap ? group(allHigh, allLow, groups - 1 - i) : 0);
    }
    high |= tailHigh;
    low |= tailLow;
  }

  /** The group with so many behind it. */
  private static int group(long high, long low, int behind) {
    return (int) ((behind < 4 ? low >>> 16 * behind : high >>> 16 * (behind - 4)) & 0xffff);
  }

  private static long mask(int groups) {
    return groups >= 4 ? -1L : (1L << 16 * groups) - 1;
  }

  private static int digit(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int low = c | 0x20;
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
  }
}

package dev.tidewatch.store;

import java.util.UUID;

/**
 * What callers may ask for; everything else is an {@link IllegalArgumentException} with a reason.
 */
final class QueryLimits {
  static final int MAX_PAGE = 1000;

  /** Longest text of a filter, in characters: parameters travel in the URL. */
  static final int MAX_TEXT = 1000;

  /** Event times that can be asked for, in milliseconds: 1970 to 2100. */
  private static final long MAX_MILLIS = 4_102_444_800_000L;

  private QueryLimits() {}

  static String tenant(String tenantId) {
    if (tenantId.isEmpty()) {
      throw new IllegalArgumentException("tenant_id must not be empty");
    }
    return text("tenant_id", tenantId);
  }

  static int pageSize(int asked) {
    return between("page_size", asked == 0 ? 200 : asked, 1, MAX_PAGE);
  }

  static int between(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          name + " must be " + from + " to " + to + ", not " + value);
    }
    return value;
  }

  static String text(String name, String value) {
    if (value.length() > MAX_TEXT) {
      throw new IllegalArgumentException(name + " is longer than " + MAX_TEXT + " characters");
    }
    return value;
  }

  static UUID uuid(String name, String value) {
    // UUID.fromString takes shortened groups too; ids are always written out.
    if (value.length() != 36) {
      throw new IllegalArgumentException(name + " is not a UUID: " + value);
    }
    try {
      return UUID.fromString(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is not a UUID: " + value, e);
    }
  }

  static void range(long fromMillis, long toMillis) {
    if (fromMillis < 0 || toMillis < 0 || (toMillis > 0 && toMillis <= fromMillis)) {
      throw new IllegalArgumentException(
          "from_ms must be before to_ms and neither negative: " + fromMillis + ", " + toMillis);
    }
    if (fromMillis > MAX_MILLIS || toMillis > MAX_MILLIS) {
      throw new IllegalArgumentException("from_ms and to_ms must be before the year 2100");
    }
  }
}

package dev.tidewatch.events;

/** IP addresses as text, without exceptions and without name lookups. */
final class IpText {
  private static final int GROUPS = 8;
  private static final String MAPPED = "::ffff:";

  private IpText() {}

  /**
   * The address that {@code text} is, without brackets and zone, an IPv4-mapped one as IPv4; empty
   * when it is none.
   */
  static String address(String text) {
    int from = text.startsWith("[") && text.endsWith("]") ? 1 : 0;
    String bare = from == 1 ? text.substring(1, text.length() - 1) : text;
    int zone = bare.indexOf('%');
    if (zone > 0) {
      bare = bare.substring(0, zone);
    }
    if (bare.regionMatches(true, 0, MAPPED, 0, MAPPED.length()) && isV4(bare, MAPPED.length())) {
      return bare.substring(MAPPED.length());
    }
    return isV4(bare, 0) || isV6(bare) ? bare : "";
  }

  private static boolean isV4(String text, int from) {
    int parts = 0;
    int digits = 0;
    int value = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (digits == 0 || ++parts > 3) {
          return false;
        }
        digits = 0;
        value = 0;
      } else if (c >= '0' && c <= '9') {
        value = value * 10 + (c - '0');
        boolean leadingZero = digits > 0 && value < 10;
        if (++digits > 3 || value > 255 || leadingZero) {
          return false;
        }
      } else {
        return false;
      }
    }
    return parts == 3 && digits > 0;
  }

  private static boolean isV6(String text) {
    int groups = 0;
    int digits = 0;
    boolean elided = false;
    if (text.length() < 2 || (text.charAt(0) == ':' && text.charAt(1) != ':')) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ':') {
        if (i + 1 < text.length() && text.charAt(i + 1) == ':') {
          if (elided) {
            return false;
          }
          elided = true;
        } else if (i + 1 == text.length() && text.charAt(i - 1) != ':') {
          return false;
        }
        groups += digits > 0 ? 1 : 0;
        digits = 0;
      } else if (Character.digit(c, 16) >= 0 && c < 128) {
        if (++digits > 4) {
          return false;
        }
      } else if (c == '.') {
        int start = text.lastIndexOf(':') + 1;
        return start > 0 && isV4(text, start) && fits(groups + 2, elided);
      } else {
        return false;
      }
    }
    return fits(groups + (digits > 0 ? 1 : 0), elided);
  }

  private static boolean fits(int groups, boolean elided) {
    return elided ? groups < GROUPS : groups == GROUPS;
  }
}

package dev.tidewatch.events;

/** Texts as columns hold them. */
final class OcsfText {
  private OcsfText() {}

  /** The text without surrounding blanks; what only says that there is nothing is empty. */
  static String clean(String text) {
    String stripped = text.strip();
    return stripped.equals("-") || stripped.equals("(null)") || stripped.equals("NULL SID")
        ? ""
        : stripped;
  }

  /** The text as a value of the type, or empty when it is none. */
  static String of(OcsfEvent.Type type, String text) {
    return switch (type) {
      case STRING -> cut(text, OcsfEvent.MAX_VALUE);
      case INT -> integer(text);
      case IP -> IpText.address(text);
    };
  }

  /** At most {@code limit} characters, no surrogate pair cut in two. */
  static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, end);
  }

  /** Decimal and {@code 0x} numbers within 64 bits, a fraction cut. */
  static String integer(String text) {
    int fraction = text.indexOf('.');
    String whole = fraction > 0 ? text.substring(0, fraction) : text;
    if (whole.startsWith("0x") || whole.startsWith("0X")) {
      return hex(whole);
    }
    int from = whole.startsWith("-") ? 1 : 0;
    if (whole.length() == from || whole.length() - from > 18) {
      return "";
    }
    for (int i = from; i < whole.length(); i++) {
      if (whole.charAt(i) < '0' || whole.charAt(i) > '9') {
        return "";
      }
    }
    return whole;
  }

  private static String hex(String text) {
    long value = 0;
    if (text.length() == 2 || text.length() > 17) {
      return "";
    }
    for (int i = 2; i < text.length(); i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return "";
      }
      value = value * 16 + digit;
    }
    return Long.toString(value);
  }
}

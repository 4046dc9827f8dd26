package dev.tidewatch.match;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Values as numbers (row 5): JSON numbers, decimal text, hexadecimal text. */
public final class Numbers {
  private static final int LONGEST = 64;
  private static final int LONG_DIGITS = 18;
  private static final int LARGEST_EXPONENT_DIGITS = 4;

  private Numbers() {}

  /** Null if the value is no number. */
  static @Nullable BigDecimal of(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return BigDecimal.valueOf(node.longValue());
    }
    if (node.isBigDecimal() || node.isBigInteger()) {
      return node.decimalValue();
    }
    if (node.isNumber()) {
      double value = node.doubleValue();
      return Double.isFinite(value) ? BigDecimal.valueOf(value) : null;
    }
    return node.isTextual() ? parse(node.textValue()) : null;
  }

  /** Null if the text is no number. */
  public static @Nullable BigDecimal parse(String text) {
    int length = text.length();
    if (length == 0 || length > LONGEST || !startsNumber(text)) {
      return null;
    }
    if (length > 2 && text.charAt(0) == '0' && (text.charAt(1) | 0x20) == 'x') {
      return hexadecimal(text);
    }
    return decimal(text);
  }

  private static boolean startsNumber(String text) {
    char c = text.charAt(0);
    return c >= '0' && c <= '9' || text.length() > 1 && (c == '-' || c == '+' || c == '.');
  }

  private static @Nullable BigDecimal hexadecimal(String text) {
    for (int i = 2; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
        return null;
      }
    }
    return new BigDecimal(new BigInteger(text.substring(2), 16));
  }

  private static @Nullable BigDecimal decimal(String text) {
    int digits = 0;
    int exponent = -1;
    boolean point = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point && exponent < 0) {
        point = true;
      } else if ((c == 'e' || c == 'E') && exponent < 0 && digits > 0) {
        exponent = i;
      } else if (!(c == '-' || c == '+') || !(i == 0 || i == exponent + 1 && exponent >= 0)) {
        return null;
      }
    }
    return number(text, digits, exponent, point);
  }

  private static @Nullable BigDecimal number(String text, int digits, int exponent, boolean point) {
    boolean exponentIsBad =
        exponent >= 0
            && (!Character.isDigit(text.charAt(text.length() - 1))
                || text.length() - exponent > LARGEST_EXPONENT_DIGITS + 2);
    if (digits == 0 || exponentIsBad) {
      return null;
    }
    boolean small = exponent < 0 && !point && digits <= LONG_DIGITS;
    return small ? BigDecimal.valueOf(Long.parseLong(text)) : new BigDecimal(text);
  }
}

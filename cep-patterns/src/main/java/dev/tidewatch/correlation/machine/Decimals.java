package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.StateText;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as numbers: decimal text and hexadecimal text (row 5), exact to 18 significant digits and
 * 18 places behind the point, below 10^36. Sums of them are exact, so that what is added and taken
 * away again leaves nothing behind.
 */
public final class Decimals {
  private static final int LONGEST = 64;
  private static final int SCALE = 18;
  private static final MathContext DIGITS = new MathContext(18, RoundingMode.HALF_EVEN);
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");
  private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9a-fA-F]{1,30}");

  private Decimals() {}

  static boolean isNumber(@Nullable String text) {
    return parse(text) != null;
  }

  /** Null if the text is no number, or beyond bounds. */
  public static @Nullable BigDecimal parse(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    if (isShortInteger(text)) {
      return BigDecimal.valueOf(Long.parseLong(text));
    }
    if (DECIMAL.matcher(text).matches()) {
      return bounded(new BigDecimal(text));
    }
    return HEXADECIMAL.matcher(text).matches()
        ? bounded(new BigDecimal(new BigInteger(text.substring(2), 16)))
        : null;
  }

  private static boolean isShortInteger(String text) {
    if (text.length() > 18) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }

  private static @Nullable BigDecimal bounded(BigDecimal exact) {
    BigDecimal value = exact.round(DIGITS);
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    if (value.scale() > SCALE) {
      value = value.setScale(SCALE, RoundingMode.HALF_EVEN);
    }
    return value.scale() < -SCALE ? null : value;
  }

  static void write(BigDecimal value, DataOutput out) throws IOException {
    StateText.write(value.toString(), out);
  }

  static BigDecimal read(DataInput in) throws IOException {
    try {
      return new BigDecimal(StateText.read(in));
    } catch (NumberFormatException e) {
      throw new IOException("no number where one is expected", e);
    }
  }
}

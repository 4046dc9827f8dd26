package dev.tidewatch.sigma.yaml;

import dev.tidewatch.sigma.yaml.YamlNode.Scalar.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * Types of plain scalars by YAML 1.2's core schema. YAML 1.1 would read {@code no} as a boolean and
 * {@code 010} as eight, which rules never mean.
 */
final class ScalarKinds {
  private static final int LONGEST_NUMBER = 64;
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");
  private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");

  private ScalarKinds() {}

  static Kind ofPlain(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> Kind.NULL;
      case "true", "True", "TRUE", "false", "False", "FALSE" -> Kind.BOOLEAN;
      default -> isNumber(text) ? Kind.NUMBER : Kind.TEXT;
    };
  }

  private static boolean isNumber(String text) {
    return text.length() <= LONGEST_NUMBER
        && (DECIMAL.matcher(text).matches() || HEX.matcher(text).matches());
  }

  static BigDecimal number(String text) {
    if (text.startsWith("0x")) {
      return new BigDecimal(new BigInteger(text.substring(2), 16));
    }
    return new BigDecimal(text);
  }
}

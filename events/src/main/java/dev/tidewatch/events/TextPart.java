package dev.tidewatch.events;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The part of a field's text that a column of {@code ocsf-columns.table} takes. */
enum TextPart {
  ALL {
    @Override
    String of(String text) {
      return text;
    }
  },
  BASENAME {
    @Override
    String of(String text) {
      int end = text.length();
      while (end > 0 && (text.charAt(end - 1) == '\\' || text.charAt(end - 1) == '/')) {
        end--;
      }
      int from = Math.max(text.lastIndexOf('\\', end - 1), text.lastIndexOf('/', end - 1)) + 1;
      return text.substring(from, end);
    }
  },
  SHA256 {
    @Override
    String of(String text) {
      int at = text.indexOf("SHA256=");
      int from = at < 0 ? 0 : at + "SHA256=".length();
      int to = from;
      while (to < text.length() && Character.digit(text.charAt(to), 16) >= 0) {
        to++;
      }
      boolean whole = at >= 0 || to == text.length();
      return whole && to - from == SHA256_DIGITS ? text.substring(from, to) : "";
    }
  },
  USER {
    @Override
    String of(String text) {
      int slash = text.lastIndexOf('\\');
      int at = text.indexOf('@');
      return slash >= 0 ? text.substring(slash + 1) : at > 0 ? text.substring(0, at) : text;
    }
  },
  DOMAIN {
    @Override
    String of(String text) {
      int slash = text.lastIndexOf('\\');
      int at = text.indexOf('@');
      return slash >= 0 ? text.substring(0, slash) : at > 0 ? text.substring(at + 1) : "";
    }
  },
  TAIL {
    @Override
    String of(String text) {
      return text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1);
    }
  },
  PROTO {
    @Override
    String of(String text) {
      return switch (text) {
        case "1" -> "icmp";
        case "6" -> "tcp";
        case "17" -> "udp";
        case "47" -> "gre";
        case "50" -> "esp";
        case "58" -> "ipv6-icmp";
        default -> text.toLowerCase(Locale.ROOT);
      };
    }
  },
  FAILED {
    @Override
    String of(String text) {
      return "Failure";
    }
  },
  HOSTNAME {
    @Override
    String of(String text) {
      return IpText.address(text).isEmpty() ? text : "";
    }
  },
  UPPER {
    @Override
    String of(String text) {
      return text.toUpperCase(Locale.ROOT);
    }
  };

  private static final int SHA256_DIGITS = 64;

  /** The part of a non-empty text, or empty. */
  abstract String of(String text);

  /** The part that a prefix like {@code basename} names, or null. */
  static @Nullable TextPart named(String prefix) {
    for (TextPart part : values()) {
      if (part != ALL && part.name().toLowerCase(Locale.ROOT).equals(prefix)) {
        return part;
      }
    }
    return null;
  }
}

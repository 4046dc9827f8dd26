package dev.tidewatch.match;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import org.jspecify.annotations.Nullable;

/** IP addresses in event values: 4 or 16 bytes. An IPv4-mapped IPv6 address is IPv4 (row 15). */
public final class Addresses {
  private static final int LONGEST = 64;
  private static final int MAPPED_PREFIX = 12;
  private static final IPAddressStringParameters IPV6 =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowPrefix(false)
          .allowMask(false)
          .allowIPv4(false)
          .getIPv6AddressParametersBuilder()
          .allowBase85(false)
          .allowZone(true)
          .setRangeOptions(RangeParameters.NO_RANGE)
          .getParentBuilder()
          .toParams();

  private Addresses() {}

  /** Null if {@code text} is no address. */
  public static byte @Nullable [] parse(String text) {
    int length = text.length();
    if (length < 2 || length > LONGEST) {
      return null;
    }
    char first = text.charAt(0);
    if (first != ':' && Character.digit(first, 16) < 0) {
      return null;
    }
    return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
  }

  /** Four decimal numbers, no leading zeros (others read those as octal). */
  private static byte @Nullable [] ipv4(String text) {
    byte[] out = new byte[4];
    int part = 0;
    int value = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        if (value == 0) {
          return null;
        }
        value = Math.max(value, 0) * 10 + c - '0';
      }
      boolean ends = c == '.';
      if (value > 255 || ends && (value < 0 || part == 3) || !ends && (c < '0' || c > '9')) {
        return null;
      }
      if (ends) {
        out[part++] = (byte) value;
        value = -1;
      }
    }
    if (part != 3 || value < 0) {
      return null;
    }
    out[3] = (byte) value;
    return out;
  }

  private static byte @Nullable [] ipv6(String text) {
    try {
      IPAddress address = new IPAddressString(text, IPV6).toAddress();
      byte[] bytes = address.getBytes();
      return bytes.length == 16 && isMapped(bytes) ? lastFour(bytes) : bytes;
    } catch (AddressStringException | RuntimeException e) {
      return null;
    }
  }

  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  private static byte[] lastFour(byte[] bytes) {
    return new byte[] {
      bytes[MAPPED_PREFIX],
      bytes[MAPPED_PREFIX + 1],
      bytes[MAPPED_PREFIX + 2],
      bytes[MAPPED_PREFIX + 3]
    };
  }

  /** Whether {@code address} has the first {@code bits} of {@code network}. */
  public static boolean isIn(byte[] address, byte[] network, int bits) {
    if (address.length != network.length) {
      return false;
    }
    for (int i = 0, left = bits; left > 0; i++, left -= 8) {
      int mask = left >= 8 ? 0xff : 0xff << (8 - left);
      if (((address[i] ^ network[i]) & mask & 0xff) != 0) {
        return false;
      }
    }
    return true;
  }
}

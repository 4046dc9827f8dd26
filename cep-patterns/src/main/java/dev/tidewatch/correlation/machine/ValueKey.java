package dev.tidewatch.correlation.machine;

import dev.tidewatch.remember.Match;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A value, or a tuple of them, in 16 bytes. ASCII text of up to 15 characters stands in them as it
 * is, its length in the last byte; anything longer, other text, and tuples are the first 15 bytes
 * of their SHA-256 and 255. So equal keys are equal values: nobody can make two values that are
 * counted as one.
 */
final class ValueKey {
  private static final int INLINE = 15;
  private static final int HASHED = 0xFF;
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(ValueKey::sha256);

  final long high;
  final long low;

  private ValueKey(long high, long low) {
    this.high = high;
    this.low = low;
  }

  /**
   * @param fields how many of the match's fields form the value
   * @return null when one of them is missing
   */
  static @Nullable ValueKey of(Match match, int fields) {
    if (fields == 1) {
      String text = match.field(0);
      return text == null ? null : of(text);
    }
    ByteBuffer tuple = ByteBuffer.allocate(16 * fields);
    for (int i = 0; i < fields; i++) {
      String text = match.field(i);
      if (text == null) {
        return null;
      }
      ValueKey part = of(text);
      tuple.putLong(part.high).putLong(part.low);
    }
    return hashed(tuple.array());
  }

  static ValueKey of(String text) {
    int length = text.length();
    if (length > INLINE) {
      return hashed(text.getBytes(StandardCharsets.UTF_8));
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c > 0x7F) {
        return hashed(text.getBytes(StandardCharsets.UTF_8));
      }
      if (i < 8) {
        high = high << 8 | c;
      } else {
        low = low << 8 | c;
      }
    }
    return new ValueKey(high, low << 8 | length);
  }

  private static ValueKey hashed(byte[] bytes) {
    ByteBuffer digest = ByteBuffer.wrap(SHA_256.get().digest(bytes));
    return new ValueKey(digest.getLong(), digest.getLong() | HASHED);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

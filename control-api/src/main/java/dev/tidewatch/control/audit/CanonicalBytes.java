package dev.tidewatch.control.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * One encoding for one meaning: fields in a fixed order; text as UTF-8 and bytes as they are, each
 * behind its length as 4 bytes; numbers as 8 bytes; big-endian. It begins with a name, as text, so
 * that what is hashed for one purpose is never valid for another.
 */
public final class CanonicalBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

  /**
   * @param purpose such as {@code tidewatch.audit-record.v1}
   */
  public CanonicalBytes(String purpose) {
    text(purpose);
  }

  public CanonicalBytes text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public CanonicalBytes bytes(byte[] value) {
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(value.length).array());
    bytes.writeBytes(value);
    return this;
  }

  public CanonicalBytes number(long value) {
    bytes.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
    return this;
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }

  byte[] sha256() {
    return sha256(toByteArray());
  }

  static byte[] sha256(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

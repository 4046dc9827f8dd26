package dev.tidewatch.control.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * Secrets that we make: 256 random bits, of which only the SHA-256 is kept. A slow hash would add
 * nothing to that many random bits.
 */
public final class Secrets {
  /** What begins an API key, so that scanners for leaked secrets find it. */
  static final String KEY_PREFIX = "twk.";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  private Secrets() {}

  /**
   * A secret that says whose it is, so that it is looked up among the tenant's own rows.
   *
   * @param tenant its tenant
   * @param hash SHA-256 of the random part
   */
  record Told(String tenant, byte[] hash) {}

  static byte[] bytes(int count) {
    byte[] random = new byte[count];
    RANDOM.nextBytes(random);
    return random;
  }

  /** Random bytes as base64url. */
  public static String text(int bytes) {
    return base64(bytes(bytes));
  }

  /** A new secret of a tenant: {@code base64url(tenant).base64url(256 random bits)}. */
  public static String of(String tenant) {
    return base64(tenant.getBytes(StandardCharsets.UTF_8)) + "." + text(BYTES);
  }

  /** As an API key is shown. */
  public static String key(String secret) {
    return KEY_PREFIX + secret;
  }

  /** Reads what {@link #of} made; empty for anything else. */
  static Optional<Told> read(String secret) {
    int dot = secret.indexOf('.');
    if (dot < 1 || secret.length() > 512) {
      return Optional.empty();
    }
    try {
      byte[] tenant = Base64.getUrlDecoder().decode(secret.substring(0, dot));
      byte[] random = Base64.getUrlDecoder().decode(secret.substring(dot + 1));
      return random.length == BYTES
          ? Optional.of(new Told(new String(tenant, StandardCharsets.UTF_8), sha256(random)))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** What is kept of a secret that {@link #of} made. */
  public static byte[] hashOf(String secret) {
    return read(secret).orElseThrow().hash();
  }

  /** What is kept of an API key; empty when it is none. */
  public static Optional<byte[]> hashOfKey(String key) {
    return key.startsWith(KEY_PREFIX)
        ? read(key.substring(KEY_PREFIX.length())).map(Told::hash)
        : Optional.empty();
  }

  public static byte[] sha256(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public static String base64(byte[] data) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
  }
}

package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Hashes of a file, taken while it passes. */
public final class Digests {
  private static final Map<String, String> KNOWN = Map.of("sha256", "SHA-256", "sha512", "SHA-512");

  private final Map<String, MessageDigest> running = new LinkedHashMap<>();
  private final Map<String, String> wanted;

  /**
   * @param wanted by name as in metadata, in hexadecimal; unknown names are not looked at
   */
  public Digests(Map<String, String> wanted) {
    this.wanted = wanted;
    for (String name : wanted.keySet()) {
      String algorithm = KNOWN.get(name);
      if (algorithm != null) {
        running.put(name, digest(algorithm));
      }
    }
  }

  public void update(byte[] bytes, int offset, int length) {
    running.values().forEach(digest -> digest.update(bytes, offset, length));
  }

  /**
   * @param name of the file
   * @throws TufException when a hash is another one, or there is none that is known
   */
  public void require(String name) throws TufException {
    if (running.isEmpty()) {
      throw new TufException(Reason.MALFORMED, name + " has no hash of a known kind");
    }
    for (Map.Entry<String, MessageDigest> digest : running.entrySet()) {
      String found = HexFormat.of().formatHex(digest.getValue().digest());
      if (!found.equals(String.valueOf(wanted.get(digest.getKey())).toLowerCase(Locale.ROOT))) {
        throw new TufException(Reason.MISMATCH, name + " has another " + digest.getKey());
      }
    }
  }

  public static String hex(String algorithm, byte[] bytes) {
    return HexFormat.of().formatHex(digest(algorithm).digest(bytes));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

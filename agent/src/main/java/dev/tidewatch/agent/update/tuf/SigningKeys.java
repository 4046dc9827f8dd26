package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ed25519 keys as metadata holds them, and their signatures. */
public final class SigningKeys {
  private static final String SCHEME = "ed25519";
  private static final HexFormat HEX = HexFormat.of();
  // What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410).
  private static final byte[] PREFIX = HEX.parseHex("302a300506032b6570032100");
  private static final int BYTES = 32;

  private SigningKeys() {}

  /** The key's entry in root metadata. */
  public static Map<String, Object> entry(PublicKey key) {
    byte[] encoded = key.getEncoded();
    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length);
    return Map.of(
        "keytype", SCHEME, "scheme", SCHEME, "keyval", Map.of("public", HEX.formatHex(raw)));
  }

  /** The key's id: SHA-256 of its entry. */
  public static String id(Map<String, Object> entry) {
    return Digests.hex("SHA-256", CanonicalJson.of(entry));
  }

  /**
   * The usable keys of root metadata. Keys of other kinds are left out: their signatures do not
   * count.
   *
   * @throws TufException when an id is not that of its key
   */
  static Map<String, PublicKey> usable(Fields root) throws TufException {
    Map<String, PublicKey> keys = new LinkedHashMap<>();
    for (Map.Entry<String, Fields> key : root.objects("keys").entrySet()) {
      Fields fields = key.getValue();
      byte[] id = id(fields.values()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      if (!MessageDigest.isEqual(
          id, key.getKey().getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
        throw new TufException(Reason.MALFORMED, fields.at() + " is not the id of its key");
      }
      if (fields.text("keytype").equals(SCHEME) && fields.text("scheme").equals(SCHEME)) {
        keys.put(key.getKey(), publicKey(fields));
      }
    }
    return keys;
  }

  private static PublicKey publicKey(Fields key) throws TufException {
    try {
      byte[] raw = HEX.parseHex(key.object("keyval").text("public"));
      if (raw.length != BYTES) {
        throw new IllegalArgumentException("length");
      }
      byte[] encoded = Arrays.copyOf(PREFIX, PREFIX.length + BYTES);
      System.arraycopy(raw, 0, encoded, PREFIX.length, BYTES);
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw key.problem("keyval", "an Ed25519 key of 32 bytes in hexadecimal");
    }
  }

  static boolean holds(PublicKey key, byte[] message, String signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(HEX.parseHex(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}

package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A file of metadata as read: what is signed, and the signatures by key id.
 *
 * @param name of the file, for problems
 */
record Envelope(String name, Fields signed, Map<String, String> signatures) {
  private static final int MOST_SIGNATURES = 64;

  static Envelope parse(String name, byte[] bytes) throws TufException {
    Fields file = new Fields(name, MetadataJson.parse(bytes, name));
    Map<String, String> signatures = new LinkedHashMap<>();
    for (Object element : file.list("signatures")) {
      if (!(element instanceof Map<?, ?> map)
          || !(map.get("keyid") instanceof String id)
          || !(map.get("sig") instanceof String signature)
          || signatures.put(id, signature) != null
          || signatures.size() > MOST_SIGNATURES) {
        throw file.problem("signatures", "signatures of different keys, at most 64");
      }
    }
    return new Envelope(name, file.object("signed"), signatures);
  }

  /**
   * @throws TufException when fewer keys than the role's threshold have signed
   */
  void requireSigned(RoleKeys role, Map<String, PublicKey> keys) throws TufException {
    byte[] message = CanonicalJson.of(signed.values());
    // By key, not by id: one key under two ids would count twice.
    Set<PublicKey> good = new HashSet<>();
    for (String id : role.keyIds()) {
      PublicKey key = keys.get(id);
      String signature = signatures.get(id);
      if (key != null && signature != null && SigningKeys.holds(key, message, signature)) {
        good.add(key);
      }
    }
    if (good.size() < role.threshold()) {
      throw new TufException(
          Reason.SIGNATURE,
          "%s is signed by %d of the %d keys that have to"
              .formatted(name, good.size(), role.threshold()));
    }
  }

  /** Checks {@code _type} and {@code spec_version}; to be called first. */
  Fields of(String type) throws TufException {
    if (!signed.text("_type").equals(type)) {
      throw signed.problem("_type", type);
    }
    if (!signed.text("spec_version").startsWith("1.")) {
      throw signed.problem("spec_version", "1.x");
    }
    return signed;
  }
}

package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.util.Map;

/**
 * What one file of metadata says about another.
 *
 * @param length in bytes; 0: not said
 * @param hashes may be empty
 */
record MetaFile(long version, long length, Map<String, String> hashes) {
  static MetaFile of(Fields fields) throws TufException {
    return new MetaFile(
        fields.positive("version"),
        fields.has("length") ? fields.positive("length") : 0,
        fields.has("hashes") ? fields.texts("hashes") : Map.of());
  }

  /** The length, or the limit when it is not said or larger. */
  int limit(int most) {
    return length == 0 ? most : (int) Math.min(length, most);
  }

  void require(String name, byte[] bytes) throws TufException {
    if (length != 0 && bytes.length != length) {
      throw new TufException(
          Reason.MISMATCH, name + " has " + bytes.length + " bytes, not " + length);
    }
    if (!hashes.isEmpty()) {
      Digests digests = new Digests(hashes);
      digests.update(bytes, 0, bytes.length);
      digests.require(name);
    }
  }
}

package dev.tidewatch.agent.respond;

import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Evidence;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.commons.codec.digest.Blake3;

/** Hashes of bytes that pass by: what was taken, so that it can be shown to be what it was. */
final class EvidenceHash {
  private final MessageDigest sha256;
  private final Blake3 blake3 = Blake3.initHash();
  private long size;

  EvidenceHash() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  void update(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
    blake3.update(bytes, offset, length);
    size += length;
  }

  /** Once, at the end. */
  Evidence evidence(String path) {
    byte[] blake = new byte[32];
    blake3.doFinalize(blake);
    return Evidence.newBuilder()
        .setPath(path)
        .setSizeBytes(size)
        .setSha256(ByteString.copyFrom(sha256.digest()))
        .setBlake3(ByteString.copyFrom(blake))
        .build();
  }
}

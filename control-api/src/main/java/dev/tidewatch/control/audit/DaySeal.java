package dev.tidewatch.control.audit;

import java.time.Instant;
import java.time.LocalDate;

/**
 * The signed sum of one day of a tenant.
 *
 * @param day UTC
 * @param first sequence of its first record
 * @param last sequence of its last record
 * @param root Merkle root over its records' hashes
 * @param keyId SHA-256 of the public key
 * @param signature Ed25519 over {@link #signed}
 * @param signedAt when
 */
record DaySeal(
    LocalDate day,
    long first,
    long last,
    byte[] root,
    byte[] keyId,
    byte[] signature,
    Instant signedAt) {
  /** What is signed. */
  static byte[] signed(String tenant, LocalDate day, long first, long last, byte[] root) {
    return new CanonicalBytes("tidewatch.audit-day.v1")
        .text(tenant)
        .text(day.toString())
        .number(first)
        .number(last)
        .bytes(root)
        .toByteArray();
  }

  boolean isSignedBy(SigningKey key, String tenant) {
    return key.verifies(signed(tenant, day, first, last, root), signature);
  }
}

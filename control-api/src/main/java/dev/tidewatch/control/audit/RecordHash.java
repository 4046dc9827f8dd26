package dev.tidewatch.control.audit;

import dev.tidewatch.control.v1.AuditRecord;

/** What links an audit record to the one before it. */
final class RecordHash {
  /** Before the first record: 32 zero bytes. */
  static final byte[] NONE = new byte[32];

  private RecordHash() {}

  /** SHA-256 over all of a record, the hash of the one before included. */
  static byte[] of(String tenant, AuditRecord record) {
    return new CanonicalBytes("tidewatch.audit-record.v1")
        .bytes(record.getPreviousHash().toByteArray())
        .text(tenant)
        .number(record.getSequence())
        .number(record.getTimeUs())
        .text(record.getActor())
        .text(record.getMethod())
        .text(record.getResource())
        .text(record.getOutcome())
        .text(record.getDetail())
        .text(record.getRequestId())
        .text(record.getRemoteAddress())
        .sha256();
  }
}

package dev.tidewatch.control.audit;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.v1.AuditRecord;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Audit records as rows. */
final class AuditRows {
  static final String COLUMNS =
      "sequence, at_micros, actor, method, resource, outcome, detail, request_id, remote_address, previous_hash, hash";

  private AuditRows() {}

  static AuditRecord record(ResultSet row) throws SQLException {
    return AuditRecord.newBuilder()
        .setSequence(row.getLong(1))
        .setTimeUs(row.getLong(2))
        .setActor(row.getString(3))
        .setMethod(row.getString(4))
        .setResource(row.getString(5))
        .setOutcome(row.getString(6))
        .setDetail(row.getString(7))
        .setRequestId(row.getString(8))
        .setRemoteAddress(row.getString(9))
        .setPreviousHash(ByteString.copyFrom(row.getBytes(10)))
        .setHash(ByteString.copyFrom(row.getBytes(11)))
        .build();
  }
}

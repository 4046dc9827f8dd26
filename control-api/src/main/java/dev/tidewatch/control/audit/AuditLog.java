package dev.tidewatch.control.audit;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.v1.AuditRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Appends to a tenant's chain; one writer at a time, which a lock of the transaction sees to. */
public final class AuditLog {
  private record Last(long sequence, long timeMicros, byte[] hash) {}

  private final Clock clock;

  public AuditLog(Clock clock) {
    this.clock = clock;
  }

  /** Appends within {@code transaction}: the record is there when what it tells of is. */
  public AuditRecord append(TenantTransaction transaction, AuditEntry entry) {
    lock(transaction);
    Last last = last(transaction);
    AuditRecord.Builder record =
        AuditRecord.newBuilder()
            .setSequence(last.sequence() + 1)
            .setTimeUs(Math.max(now(), Math.max(last.timeMicros(), sealedUntil(transaction))))
            .setActor(entry.actor())
            .setMethod(entry.method())
            .setResource(entry.resource())
            .setOutcome(entry.outcome().name().toLowerCase(Locale.ROOT))
            .setDetail(entry.detail())
            .setRequestId(entry.requestId())
            .setRemoteAddress(entry.remoteAddress())
            .setPreviousHash(ByteString.copyFrom(last.hash()));
    byte[] hash = RecordHash.of(transaction.tenant(), record.build());
    AuditRecord whole = record.setHash(ByteString.copyFrom(hash)).build();
    insert(transaction, whole);
    return whole;
  }

  /** Whoever appends or signs holds it until its transaction ends. */
  static void lock(TenantTransaction transaction) {
    transaction
        .query("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended(:tenant, 7))) l")
        .mapTo(Boolean.class)
        .one();
  }

  private static Last last(TenantTransaction transaction) {
    return transaction
        .query(
            """
            SELECT sequence, at_micros, hash FROM audit_log
            WHERE tenant_id = :tenant ORDER BY sequence DESC LIMIT 1
            """)
        .map((row, context) -> new Last(row.getLong(1), row.getLong(2), row.getBytes(3)))
        .findOne()
        .orElse(new Last(0, 0, RecordHash.NONE));
  }

  /** A day that is signed gets no more records, even from a server whose clock is behind. */
  private static long sealedUntil(TenantTransaction transaction) {
    return transaction
        .query("SELECT max(day) FROM audit_roots WHERE tenant_id = :tenant")
        .mapTo(LocalDate.class)
        .findOne()
        .map(day -> micros(day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)))
        .orElse(0L);
  }

  private static void insert(TenantTransaction transaction, AuditRecord record) {
    transaction
        .update(
            """
            INSERT INTO audit_log (tenant_id, %s) VALUES (:tenant, :sequence, :at, :actor, :method,
              :resource, :outcome, :detail, :request, :remote, :previous, :hash)
            """
                .formatted(AuditRows.COLUMNS))
        .bind("sequence", record.getSequence())
        .bind("at", record.getTimeUs())
        .bind("actor", record.getActor())
        .bind("method", record.getMethod())
        .bind("resource", record.getResource())
        .bind("outcome", record.getOutcome())
        .bind("detail", record.getDetail())
        .bind("request", record.getRequestId())
        .bind("remote", record.getRemoteAddress())
        .bind("previous", record.getPreviousHash().toByteArray())
        .bind("hash", record.getHash().toByteArray())
        .execute();
  }

  private long now() {
    return micros(clock.instant());
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}

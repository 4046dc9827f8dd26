package dev.tidewatch.control.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.deploy.Deployment.Plan;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleLedger;
import dev.tidewatch.deploy.RuleRecord;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The rules in the control database: the records of the newest revision, and an outbox of revisions
 * that the topic does not have yet. All methods take a transaction of the operators' tenant.
 */
final class RuleHome {
  private volatile @Nullable Known known;

  /** The book that was read or committed last, and the head it is of. */
  private record Known(long revision, String hash, RuleBook book) {}

  /**
   * A revision that the topic does not have yet.
   *
   * @param baseHash of the book that it was planned on
   */
  record Waiting(long revision, String baseHash, String hash, byte[] records) {}

  /** Empty while the topic was never read: what there is, is not known. */
  Optional<RuleHead> head(TenantTransaction transaction) {
    return head(transaction, "");
  }

  /** The same; until the transaction ends nobody else makes a revision. */
  Optional<RuleHead> lockedHead(TenantTransaction transaction) {
    return head(transaction, " FOR UPDATE");
  }

  private static Optional<RuleHead> head(TenantTransaction transaction, String lock) {
    return transaction
        .query(
            """
            SELECT revision, hash, published_revision, author, changed_at FROM rule_head
            WHERE tenant_id = :tenant"""
                + lock)
        .map(
            (row, context) ->
                new RuleHead(
                    row.getLong(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getTimestamp(5).toInstant()))
        .findOne();
  }

  /** The book of {@code head}. */
  RuleBook book(TenantTransaction transaction, RuleHead head) {
    Known last = known;
    if (last != null && last.revision() == head.revision() && last.hash().equals(head.hash())) {
      return last.book();
    }
    RuleLedger ledger = new RuleLedger();
    transaction
        .query(
            """
            SELECT record_key, record FROM rule_records
            WHERE tenant_id = :tenant ORDER BY record_key = 'r', record_key
            """)
        .map((row, context) -> new RuleRecord(row.getString(1).getBytes(UTF_8), row.getBytes(2)))
        .forEach(record -> ledger.accept(record.key(), record.value()));
    RuleBook book = ledger.book();
    if (book.revision() != head.revision() || !book.hash().equals(head.hash())) {
      throw new IllegalStateException(
          "the control database's rules are not those of its revision %d: %s"
              .formatted(head.revision(), ledger.refusal()));
    }
    known = new Known(head.revision(), head.hash(), book);
    return book;
  }

  /** A book that is committed: while its head is there, it need not be read. */
  void keep(RuleBook book) {
    known = new Known(book.revision(), book.hash(), book);
  }

  /** The oldest revision that the topic does not have. */
  Optional<Waiting> nextWaiting(TenantTransaction transaction) {
    return transaction
        .query(
            """
            SELECT revision, base_hash, hash, records FROM rule_outbox
            WHERE tenant_id = :tenant ORDER BY revision LIMIT 1
            """)
        .map(
            (row, context) ->
                new Waiting(row.getLong(1), row.getString(2), row.getString(3), row.getBytes(4)))
        .findOne();
  }

  /** Whether the topic lacks a revision. */
  boolean isAnyWaiting(TenantTransaction transaction) {
    return transaction
        .query("SELECT EXISTS (SELECT 1 FROM rule_outbox WHERE tenant_id = :tenant)")
        .mapTo(Boolean.class)
        .one();
  }

  /** Whether such a revision waits. */
  boolean isWaiting(TenantTransaction transaction, long revision, String hash) {
    return transaction
        .query(
            """
            SELECT 1 FROM rule_outbox
            WHERE tenant_id = :tenant AND revision = :revision AND hash = :hash
            """)
        .bind("revision", revision)
        .bind("hash", hash)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** The topic has everything to {@code revision}. */
  void published(TenantTransaction transaction, long revision, String hash) {
    transaction
        .update(
            """
            UPDATE rule_head SET published_revision = :revision, published_hash = :hash
            WHERE tenant_id = :tenant AND published_revision <> :revision
            """)
        .bind("revision", revision)
        .bind("hash", hash)
        .execute();
    transaction
        .update("DELETE FROM rule_outbox WHERE tenant_id = :tenant AND revision <= :revision")
        .bind("revision", revision)
        .execute();
  }

  /** Records a plan as the next revision, to be published. */
  void record(
      TenantTransaction transaction, RuleBook before, Plan plan, String author, Instant now) {
    write(transaction, plan.records(), plan.after().revision());
    String hash = plan.after().hash();
    transaction
        .update(
            """
            INSERT INTO rule_outbox (tenant_id, revision, base_hash, hash, records, recorded_at)
            VALUES (:tenant, :revision, :base, :hash, :records, :now)
            """)
        .bind("revision", plan.after().revision())
        .bind("base", before.hash())
        .bind("hash", hash)
        .bind("records", RecordBytes.of(plan.records()))
        .bind("now", Timestamp.from(now))
        .execute();
    transaction
        .update(
            """
            UPDATE rule_head SET revision = :revision, hash = :hash, author = :author, changed_at = :now
            WHERE tenant_id = :tenant
            """)
        .bind("revision", plan.after().revision())
        .bind("hash", hash)
        .bind("author", author)
        .bind("now", Timestamp.from(now))
        .execute();
  }

  /** Makes the records those of the topic; what waits is dropped. */
  void adopt(
      TenantTransaction transaction,
      RuleBook book,
      Map<String, byte[]> records,
      String author,
      Instant now) {
    transaction.update("DELETE FROM rule_outbox WHERE tenant_id = :tenant").execute();
    transaction.update("DELETE FROM rule_records WHERE tenant_id = :tenant").execute();
    List<RuleRecord> all =
        records.entrySet().stream()
            .map(record -> new RuleRecord(record.getKey().getBytes(UTF_8), record.getValue()))
            .toList();
    write(transaction, all, book.revision());
    transaction
        .update(
            """
            INSERT INTO rule_head (tenant_id, revision, hash, published_revision, published_hash, author, changed_at)
            VALUES (:tenant, :revision, :hash, :revision, :hash, :author, :now)
            ON CONFLICT (tenant_id) DO UPDATE SET revision = excluded.revision, hash = excluded.hash,
              published_revision = excluded.revision, published_hash = excluded.hash,
              author = excluded.author, changed_at = excluded.changed_at
            """)
        .bind("revision", book.revision())
        .bind("hash", book.hash())
        .bind("author", author)
        .bind("now", Timestamp.from(now))
        .execute();
  }

  private static void write(
      TenantTransaction transaction, Collection<RuleRecord> records, long revision) {
    PreparedBatch puts =
        transaction
            .handle()
            .prepareBatch(
                """
                INSERT INTO rule_records (tenant_id, record_key, record, revision)
                VALUES (:tenant, :key, :record, :revision)
                ON CONFLICT (tenant_id, record_key) DO UPDATE
                SET record = excluded.record, revision = excluded.revision
                """);
    PreparedBatch removals =
        transaction
            .handle()
            .prepareBatch(
                "DELETE FROM rule_records WHERE tenant_id = :tenant AND record_key = :key");
    for (RuleRecord record : records) {
      String key = new String(record.key(), UTF_8);
      byte[] value = record.value();
      if (value == null) {
        removals.bind("tenant", transaction.tenant()).bind("key", key).add();
      } else {
        puts.bind("tenant", transaction.tenant())
            .bind("key", key)
            .bind("record", value)
            .bind("revision", revision)
            .add();
      }
    }
    execute(puts);
    execute(removals);
  }

  private static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }
}

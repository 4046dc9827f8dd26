package dev.tidewatch.control.deploy;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.PlacedVersion;
import dev.tidewatch.events.v1.RuleOrigin;
import dev.tidewatch.events.v1.RulePlacement;
import dev.tidewatch.events.v1.RuleVersion;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes what a revision did to each rule, and every text that a rule has had. */
final class RuleHistory {
  private final TenantTransaction transaction;
  private final Instant now;
  private final PreparedBatch versions;
  private final PreparedBatch changes;

  private RuleHistory(TenantTransaction transaction, Instant now) {
    this.transaction = transaction;
    this.now = now;
    this.versions =
        transaction
            .handle()
            .prepareBatch(
                """
                INSERT INTO rule_versions (tenant_id, rule_id, version, hash, title, file, source,
                  comment, author, created_at, revision)
                VALUES (:tenant, :rule, :version, :hash, :title, :file, :source, :comment, :author,
                  :created, :revision)
                ON CONFLICT (tenant_id, rule_id, version) DO UPDATE SET hash = excluded.hash,
                  title = excluded.title, file = excluded.file, source = excluded.source,
                  comment = excluded.comment, author = excluded.author,
                  created_at = excluded.created_at, revision = excluded.revision, erased_at = NULL
                WHERE rule_versions.hash <> excluded.hash
                """);
    this.changes =
        transaction
            .handle()
            .prepareBatch(
                """
                INSERT INTO rule_changes (tenant_id, rule_id, revision, action, version, before, after,
                  author, comment, at)
                VALUES (:tenant, :rule, :revision, :action, :version, :before, :after, :author,
                  :comment, :at)
                ON CONFLICT (tenant_id, rule_id, revision) DO NOTHING
                """);
  }

  /** Adds what lies between two books. */
  static void add(
      TenantTransaction transaction,
      RuleBook before,
      RuleBook after,
      Revisions.Note note,
      Instant now) {
    RuleHistory history = new RuleHistory(transaction, now);
    for (Map.Entry<String, Entry> rule : after.entries().entrySet()) {
      Entry old = before.entries().get(rule.getKey());
      if (!rule.getValue().equals(old)) {
        history.rule(old, rule.getValue(), note, after.revision());
      }
    }
    execute(history.versions);
    execute(history.changes);
  }

  private static void execute(PreparedBatch batch) {
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private void rule(@Nullable Entry old, Entry entry, Revisions.Note note, long revision) {
    int created = 0;
    for (RuleVersion version : entry.versions().values()) {
      if (old == null || !version.equals(old.versions().get(version.getVersion()))) {
        version(version, note.comment(), revision);
        created = version.getVersion();
      }
    }
    RulePlacement before = old == null ? RulePlacement.getDefaultInstance() : old.placement();
    boolean moved =
        !before.getVersionsList().equals(entry.placement().getVersionsList())
            || before.getOrigin() != entry.placement().getOrigin();
    if (moved) {
      change(before, entry, note, created, revision);
    }
  }

  private void version(RuleVersion version, String comment, long revision) {
    versions
        .bind("tenant", transaction.tenant())
        .bind("rule", version.getRuleId())
        .bind("version", version.getVersion())
        .bind("hash", version.getHash())
        .bind("title", version.getTitle())
        .bind("file", version.getFile())
        .bind("source", version.getSource())
        .bind("comment", comment)
        .bind("author", version.getAuthor())
        .bind(
            "created",
            Timestamp.from(Instant.EPOCH.plus(version.getCreatedUs(), ChronoUnit.MICROS)))
        .bind("revision", revision)
        .add();
  }

  private void change(
      RulePlacement before, Entry entry, Revisions.Note note, int created, long revision) {
    RulePlacement after = entry.placement();
    Optional<RuleVersion> newest =
        created == 0 ? Optional.empty() : Optional.of(entry.version(created));
    boolean found = note.author().isEmpty();
    boolean directory = after.getOrigin() == RuleOrigin.RULE_ORIGIN_DIRECTORY;
    changes
        .bind("tenant", transaction.tenant())
        .bind("rule", after.getRuleId())
        .bind("revision", revision)
        .bind(
            "action",
            found && directory ? "directory" : created != 0 && !found ? "created" : note.action())
        .bind("version", created != 0 ? created : about(before, after))
        .bind("before", before.toByteArray())
        .bind("after", after.toByteArray())
        .bind("author", found ? newest.map(RuleVersion::getAuthor).orElse("") : note.author())
        .bind("comment", note.comment())
        .bind("at", Timestamp.from(now))
        .add();
  }

  /** The version that is placed otherwise than before. */
  private static int about(RulePlacement before, RulePlacement after) {
    return after.getVersionsList().stream()
        .filter(placed -> !before.getVersionsList().contains(placed))
        .mapToInt(PlacedVersion::getVersion)
        .findFirst()
        .orElse(0);
  }
}

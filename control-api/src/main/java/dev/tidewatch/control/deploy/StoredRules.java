package dev.tidewatch.control.deploy;

import dev.tidewatch.control.rule.RuleArchive;
import dev.tidewatch.control.rule.Sight;
import dev.tidewatch.control.v1.CreateRuleVersionRequest;
import dev.tidewatch.control.v1.CreateRuleVersionResponse;
import dev.tidewatch.control.v1.RuleEvent;
import dev.tidewatch.control.v1.RuleSetStatus;
import dev.tidewatch.control.v1.StoredRuleVersion;
import dev.tidewatch.deploy.RuleBook;
import dev.tidewatch.deploy.RuleBook.Entry;
import dev.tidewatch.events.v1.RuleVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Versions and history: of the control database, which keeps all; without one, what the book has.
 */
final class StoredRules implements RuleArchive {
  private static final String VERSION =
      """
      SELECT version, hash, title, file, author, comment, created_at, revision, %s FROM rule_versions
      WHERE tenant_id = :tenant AND rule_id = :rule
      """;

  private final Optional<RecordedRules> recorded;
  private final Supplier<RuleBook> running;
  private final Supplier<StatusReport> status;
  private final RuleDrafts drafts;
  private final Supplier<Deployer> caller;

  StoredRules(
      Optional<RecordedRules> recorded,
      Supplier<RuleBook> running,
      Supplier<StatusReport> status,
      RuleDrafts drafts,
      Supplier<Deployer> caller) {
    this.recorded = recorded;
    this.running = running;
    this.status = status;
    this.drafts = drafts;
    this.caller = caller;
  }

  @Override
  public RuleBook book() {
    RuleBook read = running.get();
    return recorded
        .flatMap(RecordedRules::newest)
        .map(RecordedRules.Recorded::book)
        .filter(known -> known.revision() >= read.revision())
        .orElse(read);
  }

  @Override
  public Sight sight(String tenant) {
    return new Sight(tenant, caller.get().operator());
  }

  @Override
  public RuleSetStatus status(String tenant) {
    return status.get().of(entry -> true, sight(tenant));
  }

  @Override
  public List<StoredRuleVersion> versions(String tenant, String ruleId, long below, int most) {
    Entry entry = book().entries().get(ruleId);
    Sight sight = sight(tenant);
    if (recorded.isEmpty()) {
      return entry == null
          ? List.of()
          : entry.versions().descendingMap().values().stream()
              .filter(version -> version.getVersion() < below)
              .limit(most)
              .map(version -> placed(of(version).clearSource(), entry, sight))
              .toList();
    }
    return recorded
        .get()
        .asSystem(
            transaction -> {
              SeenVersions seen = SeenVersions.of(transaction, ruleId, sight);
              return transaction
                  .query(
                      VERSION.formatted("''")
                          + " AND version < :below ORDER BY version DESC LIMIT :most")
                  .bind("rule", ruleId)
                  .bind("below", below)
                  .bind("most", seen.rows(most))
                  .map((row, context) -> placed(of(ruleId, row), entry, sight))
                  .list()
                  .stream()
                  .filter(version -> seen.test(version.getVersion()))
                  .limit(most)
                  .toList();
            });
  }

  @Override
  public Optional<StoredRuleVersion> version(String tenant, String ruleId, int version) {
    Entry entry = book().entries().get(ruleId);
    Sight sight = sight(tenant);
    if (recorded.isEmpty()) {
      return Optional.ofNullable(entry)
          .map(known -> known.versions().get(version))
          .map(known -> placed(of(known), entry, sight));
    }
    return recorded
        .get()
        .asSystem(
            transaction ->
                SeenVersions.of(transaction, ruleId, sight).test(version)
                    ? transaction
                        .query(VERSION.formatted("source") + " AND version = :version")
                        .bind("rule", ruleId)
                        .bind("version", version)
                        .map((row, context) -> placed(of(ruleId, row), entry, sight))
                        .findOne()
                    : Optional.empty());
  }

  /** Versions whose texts the caller sees, on behalf of {@code tenant}. */
  SeenVersions seen(String tenant, String ruleId) {
    Sight sight = sight(tenant);
    return recorded
        .map(rules -> rules.asSystem(t -> SeenVersions.of(t, ruleId, sight)))
        .orElse(SeenVersions.ALL);
  }

  private static StoredRuleVersion.Builder of(RuleVersion version) {
    return StoredRuleVersion.newBuilder()
        .setRuleId(version.getRuleId())
        .setVersion(version.getVersion())
        .setHash(version.getHash())
        .setTitle(version.getTitle())
        .setFile(version.getFile())
        .setSource(version.getSource())
        .setAuthor(version.getAuthor())
        .setCreatedMs(TimeUnit.MICROSECONDS.toMillis(version.getCreatedUs()));
  }

  private static StoredRuleVersion.Builder of(String ruleId, ResultSet row) throws SQLException {
    return StoredRuleVersion.newBuilder()
        .setRuleId(ruleId)
        .setVersion(row.getInt(1))
        .setHash(row.getString(2))
        .setTitle(row.getString(3))
        .setFile(row.getString(4))
        .setAuthor(row.getString(5))
        .setComment(row.getString(6))
        .setCreatedMs(row.getTimestamp(7).getTime())
        .setRevision(row.getLong(8))
        .setSource(row.getString(9));
  }

  private static StoredRuleVersion placed(
      StoredRuleVersion.Builder version, @Nullable Entry entry, Sight sight) {
    if (entry != null) {
      RuleVersion known = entry.versions().get(version.getVersion());
      version.setAvailable(known != null && known.getHash().equals(version.getHash()));
      sight.places(entry.placement().getVersionsList()).stream()
          .filter(place -> place.getVersion() == version.getVersion())
          .forEach(version::addPlaces);
    }
    return version.setAuthor(sight.author(version.getAuthor())).build();
  }

  @Override
  public List<RuleEvent> history(String tenant, String ruleId, long below, int most) {
    if (recorded.isEmpty()) {
      return versions(tenant, ruleId, Long.MAX_VALUE, most).stream()
          .filter(version -> version.getRevision() < below)
          .map(StoredRules::created)
          .toList();
    }
    Sight sight = sight(tenant);
    long published = recorded.get().newest().map(RecordedRules.Recorded::published).orElse(0L);
    return recorded
        .get()
        .asSystem(
            transaction -> {
              SeenVersions seen = SeenVersions.of(transaction, ruleId, sight);
              return transaction
                  .query(
                      """
                        SELECT revision, at, author, comment, action, version, before, after
                        FROM rule_changes WHERE tenant_id = :tenant AND rule_id = :rule
                          AND revision < :below ORDER BY revision DESC LIMIT :most
                        """)
                  .bind("rule", ruleId)
                  .bind("below", below)
                  .bind("most", seen.rows(most))
                  .map((row, context) -> event(row, published, sight))
                  .list()
                  .stream()
                  .filter(seen::shows)
                  .limit(most)
                  .toList();
            });
  }

  /** Without a control database there is nothing to tell but when versions were made. */
  private static RuleEvent created(StoredRuleVersion version) {
    return RuleEvent.newBuilder()
        .setTimeMs(version.getCreatedMs())
        .setAuthor(version.getAuthor())
        .setAction("created")
        .setVersion(version.getVersion())
        .build();
  }

  private static RuleEvent event(ResultSet row, long published, Sight sight) throws SQLException {
    RuleEvent.Builder event =
        RuleEvent.newBuilder()
            .setRevision(row.getLong(1))
            .setTimeMs(row.getTimestamp(2).getTime())
            .setAuthor(sight.author(row.getString(3)))
            .setComment(row.getString(4))
            .setAction(row.getString(5))
            .setVersion(row.getInt(6))
            .setWaitsForKafka(row.getLong(1) > published);
    return event
        .addAllBefore(sight.places(SeenVersions.placement(row.getBytes(7)).getVersionsList()))
        .addAllAfter(sight.places(SeenVersions.placement(row.getBytes(8)).getVersionsList()))
        .build();
  }

  @Override
  public CreateRuleVersionResponse create(CreateRuleVersionRequest request) {
    CreateRuleVersionResponse made = drafts.create(request);
    if (!made.hasVersion()) {
      return made;
    }
    StoredRuleVersion version = made.getVersion();
    return version(request.getTenantId(), version.getRuleId(), version.getVersion())
        .map(stored -> made.toBuilder().setVersion(stored).build())
        .orElse(made);
  }
}

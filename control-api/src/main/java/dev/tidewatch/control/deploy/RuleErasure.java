package dev.tidewatch.control.deploy;

import dev.tidewatch.control.change.Change;
import java.util.Optional;

/**
 * Takes a tenant out of the rules: out of every placement, and with it the versions that were its
 * alone. Their texts go from the control database in the same transaction, and from Kafka by a null
 * value for each, which compaction makes good.
 */
public final class RuleErasure {
  private final Optional<RecordedRules> recorded;
  private final AuditedDeployments audited;

  RuleErasure(Optional<RecordedRules> recorded, AuditedDeployments audited) {
    this.recorded = recorded;
    this.audited = audited;
  }

  /**
   * What went.
   *
   * @param texts of versions, from the control database
   * @param records of versions that Kafka is told to forget
   */
  public record Erased(int texts, int records) {}

  /**
   * In the transaction of a change that deletes the tenant.
   *
   * @return empty while it was never read from Kafka what is deployed, so that nothing is kept
   */
  public Optional<Erased> erase(Change change) {
    return recorded.isEmpty() ? Optional.empty() : audited.erase(change);
  }

  /** The change was committed: Kafka is told. */
  public void committed() {
    recorded.ifPresent(rules -> rules.relay().nudge());
  }
}

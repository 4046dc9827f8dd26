package dev.tidewatch.control.tenant;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.audit.SigningKey;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.deploy.RuleErasure;
import dev.tidewatch.control.deploy.RuleErasure.Erased;
import dev.tidewatch.control.v1.DeletionCertificate;
import dev.tidewatch.store.TenantData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes a tenant away everywhere, and signs what went. */
final class TenantDeletion {
  /** Every table with rows of a tenant, children before parents; a test holds it to the schema. */
  static final List<String> TABLES =
      List.of(
          "saved_filters",
          "assignments",
          "dispositions",
          "agent_configurations",
          "agent_commands",
          "agents",
          "ingest_usage",
          "triage_states",
          "value_lists",
          "enrolment_tokens",
          "quotas",
          "retention",
          "idempotency",
          "sessions",
          "api_keys",
          "user_roles",
          "users");

  /** What stays, and why. */
  static final List<String> KEPT =
      List.of(
          "postgresql.audit_log, postgresql.audit_roots: append-only, the evidence of this deletion",
          "postgresql.tenants: the id and when it was deleted, so that it is never used again",
          "postgresql.rule_versions, rule_changes: of versions that were this tenant's alone id, number, hash and when they were placed, without text, title, file, comment and author",
          "postgresql.rule_versions, rule_records: versions that were placed for others too, with their authors",
          "postgresql.rule_outbox: records that Kafka has yet to be told of, until it was",
          "kafka.rules: versions that were taken away, until the topic is compacted",
          "kafka: records of the other topics until their retention ends");

  private final ControlDatabase database;
  private final TenantData data;
  private final SigningKey key;
  private volatile @Nullable RuleErasure rules;

  TenantDeletion(ControlDatabase database, TenantData data, SigningKey key) {
    this.database = database;
    this.data = data;
    this.key = key;
  }

  /** Tenants are taken out of these rules from now on. */
  void eraseFrom(RuleErasure erasure) {
    rules = erasure;
  }

  /**
   * Within the change's transaction; ClickHouse first, so that a failure there leaves the tenant.
   */
  DeletionCertificate delete(Change change) {
    TenantTransaction transaction = change.transaction();
    Tenants.requireLiving(transaction);
    change.about("tenant", transaction.tenant());
    DeletionCertificate.Builder certificate =
        DeletionCertificate.newBuilder()
            .setCertificateId(UUID.randomUUID().toString())
            .setTenantId(transaction.tenant())
            .setDeletedMs(change.at().toEpochMilli())
            .setDeletedBy(change.principal().actor())
            .addAllKept(KEPT)
            .setKeyId(ByteString.copyFrom(key.id()));
    for (Map.Entry<String, Long> table : data.delete(transaction.tenant()).entrySet()) {
      certificate
          .addCountsBuilder()
          .setPlace("clickhouse." + table.getKey())
          .setRows(table.getValue());
    }
    for (String table : TABLES) {
      certificate
          .addCountsBuilder()
          .setPlace("postgresql." + table)
          .setRows(empty(transaction, table));
    }
    eraseRules(change, certificate);
    transaction
        .update("UPDATE tenants SET deleted_at = :now WHERE tenant_id = :tenant")
        .bind("now", change.at())
        .execute();
    byte[] signature = key.sign(certificate.build().toByteArray());
    DeletionCertificate signed = certificate.setSignature(ByteString.copyFrom(signature)).build();
    change.detail().put("certificateId", signed.getCertificateId());
    return signed;
  }

  private void eraseRules(Change change, DeletionCertificate.Builder certificate) {
    RuleErasure erasure = rules;
    Optional<Erased> erased = erasure == null ? Optional.empty() : erasure.erase(change);
    if (erased.isEmpty()) {
      certificate.addKept("kafka.rules: it was never read here, so nothing of it was taken away");
    }
    certificate
        .addCountsBuilder()
        .setPlace("postgresql.rule_versions")
        .setRows(erased.map(Erased::texts).orElse(0));
    certificate
        .addCountsBuilder()
        .setPlace("kafka.rules")
        .setRows(erased.map(Erased::records).orElse(0));
  }

  /**
   * @param table one of {@link #TABLES}
   */
  private static int empty(TenantTransaction transaction, String table) {
    return transaction.update("DELETE FROM " + table + " WHERE tenant_id = :tenant").execute();
  }

  /** Keeps the certificate where operators find it; the deletion itself is done. */
  void keep(DeletionCertificate certificate) {
    RuleErasure erasure = rules;
    if (erasure != null) {
      erasure.committed();
    }
    database.inTenant(
        ControlDatabase.SYSTEM,
        transaction ->
            transaction
                .update(
                    """
                    INSERT INTO deletion_certificates (tenant_id, certificate_id, deleted_tenant, certificate, issued_at)
                    VALUES (:tenant, :id, :deleted, :certificate, now()) ON CONFLICT DO NOTHING
                    """)
                .bind("id", UUID.fromString(certificate.getCertificateId()))
                .bind("deleted", certificate.getTenantId())
                .bind("certificate", certificate.toByteArray())
                .execute());
  }
}

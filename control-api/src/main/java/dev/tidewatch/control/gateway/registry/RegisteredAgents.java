package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.audit.AuditEntry;
import dev.tidewatch.control.audit.AuditLog;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.enrollment.EnrollmentStore;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.control.gateway.enrollment.TenantStanding;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** Agents of all tenants, in the control database; tokens are those of the tenants' service. */
final class RegisteredAgents implements EnrollmentStore {
  private static final int SECRET_BYTES = 32;
  private static final String UNUSED =
      "used_at IS NULL AND revoked_at IS NULL AND expires_at > :now";

  private final ControlDatabase database;
  private final ControlFeed feed;
  private final AuditLog log;

  RegisteredAgents(ControlDatabase database, ControlFeed feed, AuditLog log) {
    this.database = database;
    this.feed = feed;
    this.log = log;
  }

  @Override
  public Optional<EnrolledAgent> redeem(
      String secret, Instant now, Function<String, EnrolledAgent> agent) {
    Optional<byte[]> hash = hash(secret);
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> tenant =
        database.inTenant(
            ControlDatabase.SYSTEM,
            tx ->
                tx.handle()
                    .createQuery(
                        "SELECT tenant_id FROM enrolment_tokens WHERE secret_hash = :hash AND "
                            + UNUSED)
                    .bind("hash", hash.get())
                    .bind("now", now)
                    .mapTo(String.class)
                    .findOne());
    Optional<EnrolledAgent> enrolled =
        tenant.flatMap(
            name -> database.inTenant(name, tx -> redeem(tx, hash.get(), now, agent.apply(name))));
    enrolled.ifPresent(
        one -> {
          feed.lookFor(one.tenant());
          feed.put(one);
        });
    return enrolled;
  }

  private static Optional<byte[]> hash(String secret) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(secret);
      return bytes.length == SECRET_BYTES ? Optional.of(Secrets.sha256(bytes)) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The token's use, the agent and the audit record stand and fall together. */
  private Optional<EnrolledAgent> redeem(
      TenantTransaction tx, byte[] hash, Instant now, EnrolledAgent agent) {
    Optional<String> token =
        tx.query(
                """
                UPDATE enrolment_tokens SET used_at = :now, used_by = :agent
                WHERE tenant_id = :tenant AND secret_hash = :hash AND %s
                  AND EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_id = :tenant
                    AND t.deleted_at IS NULL AND t.suspended_at IS NULL)
                RETURNING token_id::text
                """
                    .formatted(UNUSED))
            .bind("hash", hash)
            .bind("now", now)
            .bind("agent", agent.agentId())
            .mapTo(String.class)
            .findOne();
    if (token.isEmpty()) {
      return Optional.empty();
    }
    var unused = AgentRows.insert(tx, agent);
    unused =
        log.append(
                tx,
                new AuditEntry(
                    "token:" + token.get() + "@" + tx.tenant(),
                    "tidewatch.ingest.v1.EnrollmentService/Enroll",
                    "agent " + agent.agentId(),
                    AuditEntry.Outcome.CHANGED,
                    Details.of("host", agent.host(), "fingerprint", agent.fingerprint()),
                    "-",
                    "-"))
            .hashCode();
    return Optional.of(agent);
  }

  @Override
  public Optional<EnrolledAgent> agent(String agentId) {
    return Optional.ofNullable(feed.agents().get(agentId));
  }

  @Override
  public List<EnrolledAgent> agents() {
    return List.copyOf(new TreeMap<>(feed.agents()).values());
  }

  @Override
  public void renewed(String agentId, String serial, Instant notAfter) {
    change(
        agentId,
        tx ->
            tx.update(
                    """
                    UPDATE agents SET certificate_serial = :serial, certificate_not_after = :notAfter,
                      changed_at = clock_timestamp()
                    WHERE tenant_id = :tenant AND agent_id = :id
                    """)
                .bind("serial", serial)
                .bind("notAfter", notAfter)
                .bind("id", UUID.fromString(agentId))
                .execute());
  }

  @Override
  public void flagClone(String agentId, String fingerprint) {
    change(
        agentId,
        tx ->
            tx.update(
                    """
                    UPDATE agents SET clone_fingerprint = :clone, changed_at = clock_timestamp()
                    WHERE tenant_id = :tenant AND agent_id = :id
                    """)
                .bind("clone", fingerprint)
                .bind("id", UUID.fromString(agentId))
                .execute());
  }

  /** An agent without its row, because its tenant was deleted, changes nothing. */
  private void change(String agentId, Function<TenantTransaction, Integer> change) {
    EnrolledAgent known = feed.agents().get(agentId);
    if (known == null) {
      return;
    }
    Optional<EnrolledAgent> now =
        database.inTenant(
            known.tenant(),
            tx -> {
              var unused = change.apply(tx);
              return tx.query(AgentRows.SELECT + " WHERE tenant_id = :tenant AND agent_id = :id")
                  .bind("id", UUID.fromString(agentId))
                  .map((row, context) -> AgentRows.agent(row))
                  .findOne();
            });
    now.ifPresent(feed::put);
  }

  @Override
  public TenantStanding standing(String tenant) {
    return feed.standing(tenant);
  }

  @Override
  public void close() {}
}

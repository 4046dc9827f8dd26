package dev.tidewatch.control.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.v1.Agent;
import dev.tidewatch.control.v1.RevokeAgentRequest;
import dev.tidewatch.ingest.v1.Heartbeat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Agents of a tenant, with their last word. */
final class AgentTable {
  /** A gateway that was killed does not say that its streams are gone. */
  private static final String CONNECTED =
      "a.gateway <> '' AND a.last_seen > now() - interval '3 minutes'";

  private static final String SELECT =
      """
      SELECT a.agent_id, a.host, a.platform, a.agent_version, a.enrolled_at, a.certificate_not_after,
        a.revoked_at, a.revoked_reason, a.clone_fingerprint, %s, a.last_seen, a.configuration_version,
        coalesce(
          (SELECT c.version FROM agent_configurations c
            WHERE c.tenant_id = a.tenant_id AND c.agent_id = a.agent_id::text),
          (SELECT c.version FROM agent_configurations c
            WHERE c.tenant_id = a.tenant_id AND c.agent_id = ''), 0),
        a.heartbeat
      FROM agents a WHERE a.tenant_id = :tenant
      """
          .formatted(CONNECTED);

  private AgentTable() {}

  static List<Agent> page(TenantTransaction tx, String after, int limit) {
    return tx.query(
            SELECT + " AND a.agent_id::text > :after ORDER BY a.agent_id::text LIMIT :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> agent(tx.tenant(), row))
        .list();
  }

  static Agent get(TenantTransaction tx, UUID id) {
    return tx.query(SELECT + " AND a.agent_id = :id")
        .bind("id", id)
        .map((row, context) -> agent(tx.tenant(), row))
        .findOne()
        .orElseThrow(() -> Failures.notFound("no such agent"));
  }

  static Agent revoke(Change change, UUID id, RevokeAgentRequest request) {
    change.about("agent", id);
    change.detail().put("revoked", true).put("why", request.getReason());
    change
        .transaction()
        .update(
            """
            UPDATE agents SET revoked_at = coalesce(revoked_at, :now),
              revoked_reason = coalesce(revoked_reason, :reason), changed_at = clock_timestamp()
            WHERE tenant_id = :tenant AND agent_id = :id
            """)
        .bind("now", change.at())
        .bind("reason", request.getReason())
        .bind("id", id)
        .execute();
    return get(change.transaction(), id);
  }

  private static Agent agent(String tenant, ResultSet row) throws SQLException {
    Agent.Builder agent =
        Agent.newBuilder()
            .setTenantId(tenant)
            .setAgentId(row.getString(1))
            .setHost(row.getString(2))
            .setPlatform(row.getString(3))
            .setAgentVersion(row.getString(4))
            .setEnrolledMs(millis(row.getTimestamp(5)))
            .setCertificateNotAfterMs(millis(row.getTimestamp(6)))
            .setRevokedMs(millis(row.getTimestamp(7)))
            .setRevokedReason(text(row.getString(8)))
            .setCloneFingerprint(text(row.getString(9)))
            .setConnected(row.getBoolean(10))
            .setLastSeenMs(millis(row.getTimestamp(11)))
            .setConfigurationVersion(row.getLong(12))
            .setWantedConfigurationVersion(row.getLong(13));
    byte @Nullable [] heartbeat = row.getBytes(14);
    if (heartbeat != null) {
      try {
        agent.setHeartbeat(Heartbeat.parseFrom(heartbeat));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("what a gateway wrote can be parsed", e);
      }
    }
    return agent.build();
  }

  static long millis(@Nullable Timestamp time) {
    return time == null ? 0 : time.getTime();
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}

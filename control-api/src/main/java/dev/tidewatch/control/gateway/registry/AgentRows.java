package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.UUID;
import org.jdbi.v3.core.statement.Update;

/** Rows of the table {@code agents}. */
final class AgentRows {
  static final String SELECT =
      """
      SELECT agent_id, tenant_id, host, platform, agent_version, fingerprint, enrolled_at,
        certificate_serial, certificate_not_after, revoked_at, revoked_reason, clone_fingerprint
      FROM agents
      """;

  private AgentRows() {}

  static EnrolledAgent agent(ResultSet row) throws SQLException {
    Timestamp revoked = row.getTimestamp(10);
    String reason = row.getString(11);
    return new EnrolledAgent(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getTimestamp(7).toInstant(),
        row.getString(8),
        row.getTimestamp(9).toInstant(),
        revoked == null ? null : reason == null ? "revoked" : reason,
        row.getString(12));
  }

  /** One that is there already stays as it is. */
  static int insert(TenantTransaction tx, EnrolledAgent agent) {
    Update insert =
        tx.update(
            """
            INSERT INTO agents (tenant_id, agent_id, host, platform, agent_version, fingerprint, enrolled_at,
              certificate_serial, certificate_not_after, revoked_at, revoked_reason, clone_fingerprint, changed_at)
            VALUES (:tenant, :id, :host, :platform, :version, :fingerprint, :enrolled, :serial, :notAfter,
              CASE WHEN CAST(:revoked AS text) IS NULL THEN NULL ELSE now() END, :revoked, :clone, clock_timestamp())
            ON CONFLICT DO NOTHING
            """);
    return insert
        .bind("id", UUID.fromString(agent.agentId()))
        .bind("host", agent.host())
        .bind("platform", agent.platform())
        .bind("version", agent.agentVersion())
        .bind("fingerprint", agent.fingerprint())
        .bind("enrolled", agent.enrolled())
        .bind("serial", agent.certificateSerial())
        .bind("notAfter", agent.certificateNotAfter())
        .bind("revoked", agent.revoked())
        .bind("clone", agent.cloneFingerprint())
        .execute();
  }
}

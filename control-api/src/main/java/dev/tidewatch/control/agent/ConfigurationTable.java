package dev.tidewatch.control.agent;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.change.Change;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.v1.AgentConfiguration;
import dev.tidewatch.control.v1.PutAgentConfigurationRequest;
import dev.tidewatch.ingest.v1.Configuration;
import io.grpc.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Configurations of agents. Versions rise over all of a tenant's, so that an agent that gets one of
 * its own after the tenant's takes it.
 */
final class ConfigurationTable {
  private static final String SELECT =
      """
      SELECT agent_id, version, content, changed_by, changed_at FROM agent_configurations
      WHERE tenant_id = :tenant
      """;

  private ConfigurationTable() {}

  static AgentConfiguration put(
      Change change, PutAgentConfigurationRequest request, AgentOrders orders) {
    TenantTransaction tx = change.transaction();
    if (!request.getAgentId().isEmpty()) {
      var unused = AgentTable.get(tx, UUID.fromString(request.getAgentId()));
    }
    lock(tx);
    long version = 1;
    for (AgentConfiguration other : list(tx)) {
      version = Math.max(version, other.getVersion() + 1);
      if (other.getAgentId().equals(request.getAgentId())
          && request.getBaseVersion() != 0
          && other.getVersion() != request.getBaseVersion()) {
        throw Status.ABORTED
            .withDescription("version " + other.getVersion() + " is in force; read it first")
            .asRuntimeException();
      }
    }
    change.about(
        "agent configuration", request.getAgentId().isEmpty() ? "*" : request.getAgentId());
    change.detail().put("version", version).put("characters", request.getContent().length());
    Configuration configuration =
        Configuration.newBuilder()
            .setTenantId(tx.tenant())
            .setAgentId(request.getAgentId())
            .setVersion(version)
            .setIssuedTimeUs(ChronoUnit.MICROS.between(java.time.Instant.EPOCH, change.at()))
            .setContent(ByteString.copyFromUtf8(request.getContent()))
            .build();
    tx.update(
            """
            INSERT INTO agent_configurations (tenant_id, agent_id, version, content, signed, changed_by, changed_at)
            VALUES (:tenant, :agent, :version, :content, :signed, :by, :now)
            ON CONFLICT (tenant_id, agent_id) DO UPDATE SET version = excluded.version,
              content = excluded.content, signed = excluded.signed, changed_by = excluded.changed_by,
              changed_at = excluded.changed_at
            """)
        .bind("agent", request.getAgentId())
        .bind("version", version)
        .bind("content", request.getContent())
        .bind("signed", orders.sign(configuration).toByteArray())
        .bind("by", change.principal().actor())
        .bind("now", change.at())
        .execute();
    return list(tx).stream()
        .filter(one -> one.getAgentId().equals(request.getAgentId()))
        .findFirst()
        .orElseThrow();
  }

  /** Two changes of one tenant's must not take the same version. */
  private static void lock(TenantTransaction tx) {
    tx.query("SELECT true FROM (SELECT pg_advisory_xact_lock(hashtextextended(:tenant, 12))) l")
        .mapTo(Boolean.class)
        .one();
  }

  static List<AgentConfiguration> list(TenantTransaction tx) {
    return tx.query(SELECT + " ORDER BY agent_id")
        .map((row, context) -> configuration(tx.tenant(), row))
        .list();
  }

  private static AgentConfiguration configuration(String tenant, ResultSet row)
      throws SQLException {
    return AgentConfiguration.newBuilder()
        .setTenantId(tenant)
        .setAgentId(row.getString(1))
        .setVersion(row.getLong(2))
        .setContent(row.getString(3))
        .setChangedBy(row.getString(4))
        .setChangedMs(row.getTimestamp(5).getTime())
        .build();
  }
}

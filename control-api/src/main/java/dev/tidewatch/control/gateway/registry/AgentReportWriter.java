package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.gateway.agent.AgentReports;
import dev.tidewatch.control.gateway.enrollment.AgentIdentity;
import dev.tidewatch.ingest.v1.Heartbeat;
import dev.tidewatch.ingest.v1.Hello;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the newest word of every agent, and writes what is new in one transaction a tenant. */
final class AgentReportWriter implements AgentReports {
  private static final Logger LOG = LoggerFactory.getLogger(AgentReportWriter.class);
  private static final int LARGEST_HEARTBEAT = 64 << 10;

  private final ControlDatabase database;
  private final String gateway;
  private final Clock clock;
  private final ConcurrentHashMap<String, Report> news = new ConcurrentHashMap<>();

  private record Report(
      String tenant,
      boolean connected,
      Instant at,
      @Nullable String version,
      @Nullable Long configuration,
      @Nullable Heartbeat heartbeat) {

    /** What the newer one does not say, the older one has said. */
    Report then(Report newer) {
      return new Report(
          tenant,
          newer.connected,
          newer.at,
          newer.version == null ? version : newer.version,
          newer.configuration == null ? configuration : newer.configuration,
          newer.heartbeat == null ? heartbeat : newer.heartbeat);
    }
  }

  /**
   * @param gateway this one's name
   */
  AgentReportWriter(ControlDatabase database, String gateway, Clock clock) {
    this.database = database;
    this.gateway = gateway;
    this.clock = clock;
  }

  @Override
  public void arrived(AgentIdentity agent, Hello hello) {
    add(agent, true, hello.getAgentVersion(), hello.getConfigurationVersion(), null);
  }

  @Override
  public void reported(AgentIdentity agent, Heartbeat heartbeat) {
    add(
        agent,
        true,
        heartbeat.getAgentVersion(),
        heartbeat.getConfigurationVersion(),
        heartbeat.getSerializedSize() > LARGEST_HEARTBEAT ? null : heartbeat);
  }

  @Override
  public void left(AgentIdentity agent) {
    add(agent, false, null, null, null);
  }

  private void add(
      AgentIdentity agent,
      boolean connected,
      @Nullable String version,
      @Nullable Long configuration,
      @Nullable Heartbeat heartbeat) {
    String kept =
        version == null
            ? null
            : version.substring(0, Math.min(100, version.length())).replace('\0', '?');
    Report report =
        new Report(agent.tenant(), connected, clock.instant(), kept, configuration, heartbeat);
    news.merge(agent.agentId(), report, Report::then);
  }

  /** Writes what is new; what cannot be written now comes again. */
  void flush() {
    Map<String, Map<String, Report>> byTenant = new HashMap<>();
    for (String agentId : news.keySet()) {
      Report report = news.remove(agentId);
      if (report != null) {
        byTenant.computeIfAbsent(report.tenant(), tenant -> new HashMap<>()).put(agentId, report);
      }
    }
    byTenant.forEach(
        (tenant, reports) -> {
          try {
            var unused = database.inTenant(tenant, tx -> write(tx, reports));
          } catch (RuntimeException e) {
            LOG.debug("reports of agents are not written: {}", e.toString());
            reports.forEach(
                (id, report) -> news.merge(id, report, (newer, old) -> old.then(newer)));
          }
        });
  }

  private int write(TenantTransaction tx, Map<String, Report> reports) {
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
                UPDATE agents SET
                  gateway = CASE WHEN :connected THEN :gateway WHEN gateway = :gateway THEN '' ELSE gateway END,
                  last_seen = greatest(last_seen, CAST(:at AS timestamptz)),
                  agent_version = coalesce(:version, agent_version),
                  configuration_version = coalesce(:configuration, configuration_version),
                  heartbeat = coalesce(:heartbeat, heartbeat)
                WHERE tenant_id = :tenant AND agent_id = :id
                """);
    reports.forEach(
        (id, report) ->
            batch
                .bind("tenant", tx.tenant())
                .bind("id", UUID.fromString(id))
                .bind("connected", report.connected())
                .bind("gateway", gateway)
                .bind("at", Timestamp.from(report.at()))
                .bind("version", report.version())
                .bind("configuration", report.configuration())
                .bind(
                    "heartbeat",
                    report.heartbeat() == null ? null : report.heartbeat().toByteArray())
                .add());
    return batch.execute().length;
  }
}

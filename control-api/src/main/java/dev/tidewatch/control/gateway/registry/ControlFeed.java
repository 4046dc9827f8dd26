package dev.tidewatch.control.gateway.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.TenantTransaction;
import dev.tidewatch.control.gateway.agent.Configurations;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.enrollment.TenantStanding;
import dev.tidewatch.control.gateway.ingest.Quota;
import dev.tidewatch.ingest.v1.CommandKey;
import dev.tidewatch.ingest.v1.SignedCommand;
import dev.tidewatch.ingest.v1.SignedConfiguration;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway knows from the control database: looked at again and again, as the operators' own
 * tenant, and kept as it was while the database is away. Agents are asked for by when they changed;
 * all else is little and read whole.
 */
final class ControlFeed {
  private static final Logger LOG = LoggerFactory.getLogger(ControlFeed.class);

  /** Transactions that change agents take seconds at most. */
  private static final String OVERLAP = "20 seconds";

  /** All of them again, now and then: rows may also go. */
  private static final long WHOLE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ControlDatabase database;
  private final Runnable changed;
  private final ConcurrentMap<String, EnrolledAgent> agents = new ConcurrentHashMap<>();
  private volatile Map<String, TenantStanding> tenants = Map.of();
  private volatile Map<String, Quota> quotas = Map.of();
  private volatile Map<String, List<Open>> commands = Map.of();
  private volatile Map<String, Configurations.Wanted> configurations = Map.of();
  private volatile List<CommandKey> commandKeys = List.of();
  private @Nullable Timestamp seen;
  private long whole;
  private boolean away;

  /** A command without its final result. */
  record Open(String tenant, String commandId, String agentId, SignedCommand signed) {}

  /**
   * @param changed called after each look
   */
  ControlFeed(ControlDatabase database, Runnable changed) {
    this.database = database;
    this.changed = changed;
  }

  /**
   * Looks once, and then every {@code interval}.
   *
   * @throws dev.tidewatch.control.database.DatabaseUnavailableException when the database is away
   */
  void start(ScheduledExecutorService thread, Duration interval) {
    database.inTenant(ControlDatabase.SYSTEM, this::look);
    var unused =
        thread.scheduleWithFixedDelay(
            this::lookAgain, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookAgain() {
    try {
      database.inTenant(ControlDatabase.SYSTEM, this::look);
      if (away) {
        LOG.info("the control database is there again");
      }
      away = false;
      changed.run();
    } catch (RuntimeException e) {
      if (!away) {
        LOG.warn("the control database is away; what was known of it holds: {}", e.toString());
      }
      away = true;
    }
  }

  /** Looks once more when a tenant is not known that, as the caller has seen, is there. */
  void lookFor(String tenant) {
    if (standing(tenant) == TenantStanding.GONE) {
      database.inTenant(ControlDatabase.SYSTEM, this::look);
    }
  }

  private synchronized boolean look(TenantTransaction tx) {
    tenants = tenants(tx);
    quotas = QuotaRows.read(tx);
    agents(tx);
    commands = commands(tx);
    configurations = configurations(tx);
    commandKeys = commandKeys(tx);
    return true;
  }

  private static Map<String, TenantStanding> tenants(TenantTransaction tx) {
    Map<String, TenantStanding> standing = new HashMap<>();
    tx.handle()
        .createQuery("SELECT tenant_id, suspended_at FROM tenants WHERE deleted_at IS NULL")
        .map(
            (row, context) ->
                Map.entry(
                    row.getString(1),
                    row.getTimestamp(2) == null ? TenantStanding.SERVED : TenantStanding.SUSPENDED))
        .forEach(tenant -> standing.put(tenant.getKey(), tenant.getValue()));
    return standing;
  }

  private void agents(TenantTransaction tx) {
    Timestamp now =
        tx.handle().createQuery("SELECT clock_timestamp()").mapTo(Timestamp.class).one();
    boolean all = seen == null || System.nanoTime() - whole > WHOLE_EVERY_NANOS;
    List<EnrolledAgent> found =
        tx.handle()
            .createQuery(
                AgentRows.SELECT
                    + (all
                        ? ""
                        : " WHERE changed_at > CAST(:seen AS timestamptz) - interval '"
                            + OVERLAP
                            + "'"))
            .bindMap(all ? Map.of() : Map.of("seen", Objects.requireNonNull(seen)))
            .map((row, context) -> AgentRows.agent(row))
            .list();
    if (all) {
      whole = System.nanoTime();
      agents.keySet().retainAll(found.stream().map(EnrolledAgent::agentId).toList());
    }
    found.forEach(agent -> agents.put(agent.agentId(), agent));
    seen = now;
  }

  private static Map<String, List<Open>> commands(TenantTransaction tx) {
    Map<String, List<Open>> open = new HashMap<>();
    tx.handle()
        .createQuery(
            """
            SELECT tenant_id, command_id, agent_id, signed FROM agent_commands
            WHERE answered_at IS NULL AND expires_at > now() ORDER BY command_id
            """)
        .map((row, context) -> open(row))
        .forEach(one -> open.computeIfAbsent(one.agentId(), id -> new ArrayList<>()).add(one));
    return open;
  }

  private static Open open(ResultSet row) throws SQLException {
    try {
      return new Open(
          row.getString(1),
          row.getString(2),
          row.getString(3),
          SignedCommand.parseFrom(row.getBytes(4)));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a command of our own can be parsed", e);
    }
  }

  /** By tenant and agent; without an agent for all of the tenant. */
  private static Map<String, Configurations.Wanted> configurations(TenantTransaction tx) {
    Map<String, Configurations.Wanted> wanted = new HashMap<>();
    tx.handle()
        .createQuery("SELECT tenant_id, agent_id, version, signed FROM agent_configurations")
        .map((row, context) -> Map.entry(key(row.getString(1), row.getString(2)), wanted(row)))
        .forEach(one -> wanted.put(one.getKey(), one.getValue()));
    return wanted;
  }

  private static Configurations.Wanted wanted(ResultSet row) throws SQLException {
    try {
      return new Configurations.Wanted(
          row.getLong(3), SignedConfiguration.parseFrom(row.getBytes(4)));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a configuration of our own can be parsed", e);
    }
  }

  private static String key(String tenant, String agentId) {
    return tenant + "\0" + agentId;
  }

  private static List<CommandKey> commandKeys(TenantTransaction tx) {
    return tx.query(
            """
            SELECT key_id, content FROM published_keys
            WHERE tenant_id = :tenant AND purpose = 'command' ORDER BY published_at DESC LIMIT 10
            """)
        .map(
            (row, context) ->
                CommandKey.newBuilder()
                    .setKeyId(row.getString(1))
                    .setPublicKey(ByteString.copyFrom(row.getBytes(2)))
                    .build())
        .list();
  }

  /** Known at once, also to streams; the next look finds the same. */
  void put(EnrolledAgent agent) {
    agents.put(agent.agentId(), agent);
  }

  ConcurrentMap<String, EnrolledAgent> agents() {
    return agents;
  }

  TenantStanding standing(String tenant) {
    return tenants.getOrDefault(tenant, TenantStanding.GONE);
  }

  Quota quota(String tenant) {
    return quotas.getOrDefault(tenant, Quota.UNLIMITED);
  }

  Map<String, List<Open>> commands() {
    return commands;
  }

  Configurations.@Nullable Wanted configuration(String tenant, String agentId) {
    Configurations.Wanted own = configurations.get(key(tenant, agentId));
    return own == null ? configurations.get(key(tenant, "")) : own;
  }

  List<CommandKey> commandKeys() {
    return commandKeys;
  }
}

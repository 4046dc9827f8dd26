package dev.tidewatch.control.gateway.registry;

import dev.tidewatch.control.access.AccountLog;
import dev.tidewatch.control.access.Accounts;
import dev.tidewatch.control.audit.AuditLog;
import dev.tidewatch.control.database.ControlDatabase;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.gateway.agent.AgentReports;
import dev.tidewatch.control.gateway.agent.AgentStreams;
import dev.tidewatch.control.gateway.agent.Configurations;
import dev.tidewatch.control.gateway.command.CommandLedger;
import dev.tidewatch.control.gateway.enrollment.EnrolledAgent;
import dev.tidewatch.control.gateway.enrollment.EnrollmentStore;
import dev.tidewatch.control.gateway.ingest.Quota;
import dev.tidewatch.control.gateway.ingest.UsageTotals;
import dev.tidewatch.ingest.v1.CommandKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control database as a gateway works with it. */
public final class ControlRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlRegistry.class);
  private static final int CONNECTIONS = 4;
  private static final Duration REPORTS = Duration.ofSeconds(2);

  private final ControlDatabase database;
  private final ControlFeed feed;
  private final RegisteredAgents agents;
  private final RegisteredCommands commands;
  private final RegisteredKeys keys;
  private final AgentReportWriter reports;
  private final UsageWriter usage;
  private final AgentStreams streams;
  private final ScheduledExecutorService looks = thread("control-feed");
  private final ScheduledExecutorService writes = thread("control-reports");

  /**
   * @param gateway this gateway's name among others
   * @param streams agents that are connected here
   * @param totals what comes in
   */
  public record Here(String gateway, AgentStreams streams, UsageTotals totals, Clock clock) {}

  private ControlRegistry(ControlDatabase database, Here here) {
    this.database = database;
    this.streams = here.streams();
    this.feed = new ControlFeed(database, this::looked);
    this.agents = new RegisteredAgents(database, feed, new AuditLog(here.clock()));
    this.commands = new RegisteredCommands(database, feed);
    this.keys =
        new RegisteredKeys(
            new Accounts(database, Duration.ofHours(1), AccountLog.UNHEARD, here.clock()),
            feed,
            here.clock());
    this.reports = new AgentReportWriter(database, here.gateway(), here.clock());
    this.usage = new UsageWriter(database, here.totals(), here.clock());
  }

  /**
   * Connects, and looks for the first time.
   *
   * @throws dev.tidewatch.control.database.DatabaseUnavailableException when the database is away
   */
  public static ControlRegistry open(DatabaseOptions options, Duration interval, Here here) {
    ControlDatabase database =
        ControlDatabase.open(
            new DatabaseOptions(
                options.application(), options.owner(), CONNECTIONS, options.patience()));
    ControlRegistry registry = new ControlRegistry(database, here);
    try {
      registry.feed.start(registry.looks, interval);
      var unused =
          registry.writes.scheduleWithFixedDelay(
              registry::write, REPORTS.toMillis(), REPORTS.toMillis(), TimeUnit.MILLISECONDS);
      return registry;
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  private void looked() {
    try {
      commands.deliver(streams);
      streams.configureAll();
    } catch (RuntimeException e) {
      LOG.warn("what is new for agents is not delivered: {}", e.toString());
    }
  }

  private void write() {
    try {
      reports.flush();
      usage.flush();
    } catch (RuntimeException e) {
      LOG.error("reports are not written", e);
    }
  }

  /**
   * Shows the gateway's authority to the control API, whose enrolment tokens name it.
   *
   * @param certificate X.509, DER
   */
  public void publishAuthority(byte[] certificate) {
    String id =
        HexFormat.of()
            .formatHex(dev.tidewatch.control.gateway.enrollment.Secrets.sha256(certificate), 0, 8);
    PublishedKeys.publish(database, PublishedKeys.GATEWAY_AUTHORITY, id, certificate);
  }

  /** Takes over agents of a gateway that ran without the database; known ones stay as they are. */
  public int adopt(List<EnrolledAgent> others) {
    int adopted = 0;
    for (EnrolledAgent agent : others) {
      boolean living =
          feed.standing(agent.tenant())
              != dev.tidewatch.control.gateway.enrollment.TenantStanding.GONE;
      if (living && database.inTenant(agent.tenant(), tx -> AgentRows.insert(tx, agent)) > 0) {
        feed.put(agent);
        adopted++;
      }
    }
    return adopted;
  }

  public EnrollmentStore agents() {
    return agents;
  }

  public CommandLedger commands() {
    return commands;
  }

  /** Whose events an API key may send. */
  public Function<String, Optional<String>> keys() {
    return keys;
  }

  public Function<String, Quota> quotas() {
    return feed::quota;
  }

  public Supplier<List<CommandKey>> commandKeys() {
    return feed::commandKeys;
  }

  public Configurations configurations() {
    return (tenant, agentId) -> Optional.ofNullable(feed.configuration(tenant, agentId));
  }

  public AgentReports reports() {
    return reports;
  }

  /** Writes what is still to be written. */
  @Override
  public void close() {
    looks.shutdownNow();
    writes.shutdown();
    try {
      var unused = writes.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
    database.close();
  }
}

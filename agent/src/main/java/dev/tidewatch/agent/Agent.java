package dev.tidewatch.agent;

import dev.tidewatch.agent.batch.BatchWriter;
import dev.tidewatch.agent.collect.Collector;
import dev.tidewatch.agent.collect.Emitter;
import dev.tidewatch.agent.collect.Watchdog;
import dev.tidewatch.agent.config.ConfigurationException;
import dev.tidewatch.agent.config.Settings;
import dev.tidewatch.agent.enroll.AgentFacts;
import dev.tidewatch.agent.enroll.Enroller;
import dev.tidewatch.agent.enroll.GatewayChannels;
import dev.tidewatch.agent.enroll.Identity;
import dev.tidewatch.agent.respond.NetworkIsolation;
import dev.tidewatch.agent.respond.Responder;
import dev.tidewatch.agent.send.Replies;
import dev.tidewatch.agent.send.Sender;
import dev.tidewatch.agent.spool.Spool;
import dev.tidewatch.agent.update.HttpMirror;
import dev.tidewatch.agent.update.UpdateLoop;
import dev.tidewatch.agent.update.UpdateOptions;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A running agent: all parts, wired. Closing it stops collecting first and sending last. */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Agent.class.getName());
  private static final int TICK_MILLIS = 1000;
  private static final int STATUS_EVERY = 5;
  private static final int CHORES_EVERY = 30;
  private static final long LAST_BATCH_MILLIS = 2000;

  private final AgentFacts facts = AgentFacts.here();
  private final InstantSource clock = InstantSource.system();
  private final Watchdog watchdog = new Watchdog(Watchdog.Pauses.DEFAULT);
  private final ManagedConfiguration configuration;
  private final Certificates certificates;
  private final NetworkIsolation isolation;
  private final Spool spool;
  private final BatchWriter batches;
  private final Responder responder;
  private final Sender sender;
  private final StatusFile statusFile;
  private final UpdateLoop updates;
  private final Thread ticker = new Thread(this::tick, "ticker");

  private Agent(
      AgentFiles files,
      AgentOptions options,
      ManagedConfiguration configuration,
      Identity identity,
      Replies replies,
      Replacement replacement)
      throws IOException {
    this.configuration = configuration;
    this.certificates =
        new Certificates(
            files.identity(), identity, new Enroller(facts), options.sender().keepalive(), clock);
    this.statusFile = new StatusFile(files.status(), clock);
    this.isolation =
        new NetworkIsolation(
            Path.of(options.settings().text("respond.nft")),
            files.isolation(),
            identity.endpoint(),
            clock);
    this.updates =
        new UpdateLoop(
            replacement.started(),
            options.update(),
            new UpdateLoop.Surroundings(
                identity.agentId(), () -> mirror(options.update()), replacement.updated()),
            clock);
    this.spool = Spool.open(files.spool(), options.spool(), clock);
    this.batches = new BatchWriter(spool, options.batch());
    this.responder =
        new Responder(
            options.responder(), certificates::identity, isolation, configuration, replies, clock);
    this.sender =
        new Sender(
            spool,
            replies,
            facts,
            options.sender(),
            new Sender.Gateway(
                certificates::open,
                certificates::renew,
                responder,
                () -> health().heartbeat(clock),
                configuration::version));
  }

  /**
   * How another version takes the place of this one.
   *
   * @param started empty when the launcher did not start this process
   * @param updated called when another version is to be started
   */
  record Replacement(Optional<UpdateLoop.Started> started, Runnable updated) {}

  /** The repository of releases: the one that is configured, or the gateway's. */
  private HttpMirror mirror(UpdateOptions options) throws IOException {
    try {
      if (!options.url().isEmpty()) {
        return new HttpMirror(
            URI.create(options.url()), Optional.of(GatewayChannels.publicAuthorities()));
      }
      Identity identity = certificates.identity();
      return new HttpMirror(
          URI.create("https://" + identity.endpoint() + "/agent-updates/"),
          Optional.of(GatewayChannels.sockets(identity)));
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Starts an agent.
   *
   * @param replies results that wait for a stream; they outlive the agent that made them
   * @param reconfigured called when the gateway has changed the configuration: close this one and
   *     start another
   */
  static Agent start(
      AgentFiles files,
      Identity identity,
      Replies replies,
      Replacement replacement,
      Runnable reconfigured)
      throws IOException, ConfigurationException, InterruptedException {
    ManagedConfiguration configuration = new ManagedConfiguration(files, reconfigured);
    AgentOptions options = configuration.options();
    Agent agent = new Agent(files, options, configuration, identity, replies, replacement);
    agent.keepIsolation(true);
    agent.sender.start();
    agent.collect(options, files);
    agent.ticker.setDaemon(true);
    agent.ticker.start();
    agent.updates.start();
    return agent;
  }

  private void collect(AgentOptions options, AgentFiles files) throws IOException {
    Settings settings = options.settings();
    for (Map.Entry<String, Supplier<Collector>> entry : Collectors.of(options, files).entrySet()) {
      String name = entry.getKey();
      if (!settings.flag(name + ".enabled")) {
        watchdog.off(name);
        continue;
      }
      Collector collector = entry.getValue().get();
      // The inventory has a rate by its interval.
      int rate = name.equals("inventory") ? 0 : settings.count(name + ".rate");
      Emitter.Limits limits =
          new Emitter.Limits(
              rate, settings.smallSize("limits.max-event-bytes"), collector.canWait());
      watchdog.start(collector, new Emitter(name, batches, limits, clock, System::nanoTime));
    }
  }

  Health health() {
    return new Health(
        certificates.identity(),
        facts,
        spool.stats(),
        sender.status(),
        watchdog.status(),
        configuration.version(),
        isolation.isIsolated(),
        updates.status(),
        responder.configurationProblem());
  }

  private void tick() {
    try {
      for (long second = 0; true; second++) {
        chores(second);
        Thread.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void chores(long second) throws InterruptedException {
    try {
      spool.tick();
      if (second % STATUS_EVERY == 0) {
        updates.alive(sender.status().connected());
        statusFile.write(health());
      }
      if (second % CHORES_EVERY == 0) {
        certificates.renewIfDue();
        keepIsolation(false);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "a chore failed: {0}", e.getMessage());
    }
  }

  private void keepIsolation(boolean starting) throws InterruptedException {
    try {
      isolation.keep(starting).ifPresent(what -> LOG.log(Level.WARNING, what));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "the isolation of the network cannot be kept: {0}", e.getMessage());
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    updates.close();
    watchdog.close();
    ticker.interrupt();
    ticker.join();
    writeLastBatch();
    responder.close();
    sender.close();
    spool.close();
  }

  /** Bounded: a full spool would wait for a gateway that may be away for days. */
  private void writeLastBatch() throws InterruptedException {
    Thread last =
        new Thread(
            () -> {
              try {
                batches.close();
              } catch (IOException e) {
                LOG.log(Level.ERROR, "the last batch is lost: {0}", e.getMessage());
              } catch (InterruptedException e) {
                LOG.log(Level.ERROR, "the last batch is lost: the spool is full");
              }
            },
            "last-batch");
    last.start();
    last.join(LAST_BATCH_MILLIS);
    last.interrupt();
  }
}

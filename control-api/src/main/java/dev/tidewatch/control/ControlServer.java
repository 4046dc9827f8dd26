package dev.tidewatch.control;

import com.linecorp.armeria.server.Server;
import dev.tidewatch.control.access.Authentication;
import dev.tidewatch.control.access.Principal;
import dev.tidewatch.control.alert.AdmittedAlerts;
import dev.tidewatch.control.alert.AlertCountKeeper;
import dev.tidewatch.control.alert.AlertFeeds;
import dev.tidewatch.control.alert.AlertSource;
import dev.tidewatch.control.alert.SharedAnswers;
import dev.tidewatch.control.alert.StoredAlerts;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.deploy.Deployer;
import dev.tidewatch.control.deploy.RuleDeployments;
import dev.tidewatch.control.event.AdmittedEvents;
import dev.tidewatch.control.event.StoredEvents;
import dev.tidewatch.control.pipeline.Pipeline;
import dev.tidewatch.control.request.PortStop;
import dev.tidewatch.control.request.Readings;
import dev.tidewatch.control.rule.AlertCounts;
import dev.tidewatch.control.rule.RuleEndpoint;
import dev.tidewatch.store.ClickHouseStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The control API, running: gRPC, JSON, the console, metrics and health on one port. */
public final class ControlServer implements AutoCloseable {
  private final Server server;
  private final AlertFeeds feeds;
  private final Pipeline pipeline;
  private final AlertCountKeeper counts;
  private final ClickHouseStore store;
  private final ControlPlane plane;
  private final RuleDeployments deployments;

  private ControlServer(
      Server server,
      RuleDeployments deployments,
      AlertFeeds feeds,
      Pipeline pipeline,
      AlertCountKeeper counts,
      ClickHouseStore store,
      ControlPlane plane) {
    this.server = server;
    this.deployments = deployments;
    this.plane = plane;
    this.feeds = feeds;
    this.pipeline = pipeline;
    this.counts = counts;
    this.store = store;
  }

  /**
   * Starts listening. ClickHouse, Kafka and Flink may be down: what needs them says so until they
   * are back. PostgreSQL must be there, where access is guarded.
   *
   * @throws ControlServerException when the port is taken or the control database cannot be used
   */
  public static ControlServer start(ControlOptions options) {
    ClickHouseStore store = ClickHouseStore.connect(options.clickHouse());
    Readings readings = Readings.within(options.readings());
    ControlPlane plane = plane(options, store, readings);
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    readings.bindTo(metrics);
    AlertSource stored =
        new SharedAnswers(new AdmittedAlerts(new StoredAlerts(store), readings), System::nanoTime);
    AlertSource alerts = plane.desk().map(desk -> desk.over(stored)).orElse(stored);
    AlertFeeds feeds = new AlertFeeds(alerts, options.feeds(), options.clock());
    RuleDeployments deployments =
        RuleDeployments.follow(
            options.kafkaBootstrapServers(),
            options.rules(),
            plane.records(),
            ControlServer::deployer,
            options.clock(),
            options.deployments());
    plane.deployTo(deployments);
    RuleEndpoint rules =
        new RuleEndpoint(
            deployments::compilation,
            deployments.archive(),
            AlertCounts.stored(store.alertQueries(), options.clock()),
            tenant -> plane.desk().map(desk -> desk.verdicts(tenant)).orElse(List.of()));
    Pipeline pipeline =
        Pipeline.watch(watched(options, store, rules), options.sampleInterval(), options.clock());
    Server server =
        new ControlPort(
                options,
                store,
                alerts,
                new AdmittedEvents(new StoredEvents(store), readings),
                feeds,
                rules,
                deployments,
                pipeline,
                plane,
                metrics)
            .build();
    AlertCountKeeper counts = new AlertCountKeeper(store.dayCounter());
    ControlServer running =
        new ControlServer(server, deployments, feeds, pipeline, counts, store, plane);
    try {
      server.start().join();
      return running;
    } catch (CompletionException failure) {
      running.close();
      throw ControlServerException.of(options, failure);
    }
  }

  private static Deployer deployer() {
    Principal caller = Authentication.principal();
    return new Deployer(caller.actor(), caller.isOperator());
  }

  private static ControlPlane plane(
      ControlOptions options, ClickHouseStore store, Readings readings) {
    try {
      return ControlPlane.of(options, store, readings);
    } catch (DatabaseUnavailableException | IllegalStateException failure) {
      store.close();
      throw ControlServerException.of(failure);
    }
  }

  private static Pipeline.Watched watched(
      ControlOptions options, ClickHouseStore store, RuleEndpoint rules) {
    return new Pipeline.Watched(
        options.kafkaBootstrapServers(),
        options.consumerGroup(),
        options.flinkRest(),
        store.pipelineQueries(),
        rules::size);
  }

  /** The port that is listened on. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Ends streams and calls under way, at most for a few seconds, and lets go of everything. */
  @Override
  public void close() {
    feeds.close();
    PortStop.stop(server);
    counts.close();
    pipeline.close();
    deployments.close();
    plane.close();
    store.close();
  }
}

package dev.tidewatch.control.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.server.Server;
import dev.tidewatch.control.database.DatabaseUnavailableException;
import dev.tidewatch.control.gateway.admin.GatewayAdministration;
import dev.tidewatch.control.gateway.agent.AgentStreams;
import dev.tidewatch.control.gateway.agent.StreamServices;
import dev.tidewatch.control.gateway.command.EvidenceFiles;
import dev.tidewatch.control.gateway.enrollment.CertificateAuthority.ServerCredentials;
import dev.tidewatch.control.gateway.enrollment.Enrollments;
import dev.tidewatch.control.gateway.enrollment.Secrets;
import dev.tidewatch.control.gateway.enrollment.TenantStanding;
import dev.tidewatch.control.gateway.http.ApiKeys;
import dev.tidewatch.control.gateway.http.KeyedIngest;
import dev.tidewatch.control.gateway.ingest.ConnectionLimits;
import dev.tidewatch.control.gateway.ingest.InFlight;
import dev.tidewatch.control.gateway.ingest.Ingest;
import dev.tidewatch.control.gateway.ingest.IngestMetrics;
import dev.tidewatch.control.gateway.ingest.KafkaIngest;
import dev.tidewatch.control.gateway.ingest.Quotas;
import dev.tidewatch.control.gateway.syslog.SyslogServer;
import dev.tidewatch.control.request.PortStop;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway, running. */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final Duration FIRST_CONTACT = Duration.ofSeconds(5);
  private static final int ENVELOPE = 64 << 10;

  private final GatewayOptions options;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AgentStreams streams = new AgentStreams();
  private final InFlight inFlight;
  private final Quotas quotas;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          Math.max(2, Runtime.getRuntime().availableProcessors()), Gateway::worker);
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(Gateway::worker);
  private final AtomicInteger syslogConnections = new AtomicInteger();
  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private final GatewayState state;
  private final Ingest ingest;
  private final Server server;
  private final SyslogServer syslog;

  private Gateway(GatewayOptions options) throws IOException {
    this.options = options;
    this.inFlight = new InFlight(options.limits().inFlightBytes());
    try {
      closing.push(workers::shutdownNow);
      closing.push(scheduler::shutdownNow);
      IngestMetrics counters = new IngestMetrics(metrics);
      state = opened(GatewayState.open(options, streams, counters.usage()));
      quotas = new Quotas(state.quotas(), System::nanoTime);
      ingest = opened(new KafkaIngest(kafka(options)));
      ServerCredentials credentials = state.authority().certifyServer(serverNames(options));
      StreamServices services = services(counters);
      ApiKeys keys = new ApiKeys(state.keys());
      ConnectionLimits perAddress =
          new ConnectionLimits(options.limits(), options.timeouts().handshake(), metrics);
      server =
          new GatewayPort(
                  options,
                  state,
                  services,
                  streams,
                  credentials,
                  keys,
                  new KeyedIngest(ingest, inFlight, quotas, counters),
                  perAddress,
                  metrics)
              .build();
      syslog = opened(startSyslog(counters, credentials, perAddress));
      closing.push(() -> PortStop.stop(server));
      server.start().join();
      closing.push(streams::endAll);
      sweepNowAndThen();
      gauges();
      sayWhere();
    } catch (RuntimeException | IOException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Starts listening. Kafka may be down: senders are held back until it is there.
   *
   * @throws GatewayException when a port is taken or the directory cannot be read
   */
  public static Gateway start(GatewayOptions options) {
    try {
      return new Gateway(options);
    } catch (IOException | DatabaseUnavailableException e) {
      throw new GatewayException("the gateway does not start: " + e.getMessage(), e);
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new GatewayException(
          "the gateway cannot listen on %s ports %d and %d: %s"
              .formatted(
                  options.bindAddress(), options.port(), options.localPort(), cause.getMessage()),
          cause);
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    closing.push(part);
    return part;
  }

  private static Thread worker(Runnable task) {
    Thread thread = new Thread(task, "gateway");
    thread.setDaemon(true);
    return thread;
  }

  private static KafkaIngest.KafkaSettings kafka(GatewayOptions options) {
    return new KafkaIngest.KafkaSettings(
        options.kafkaBootstrapServers(),
        options.deliveryTimeout(),
        FIRST_CONTACT,
        options.limits().maxPayloadBytes() + ENVELOPE,
        // Twice the soft limit may be under way, plus batches that are not full.
        3 * options.limits().inFlightBytes());
  }

  private static List<String> serverNames(GatewayOptions options) {
    List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
    names.addAll(options.hosts());
    return names.stream().distinct().toList();
  }

  private StreamServices services(IngestMetrics counters) {
    Enrollments enrollments =
        new Enrollments(
            state.enrollment(),
            state.authority(),
            state.commandKeys(),
            new Enrollments.Terms(options.certificateLifetime(), options.telemetryEndpoint()),
            options.clock());
    return new StreamServices(
        ingest,
        inFlight,
        quotas,
        counters,
        options.limits(),
        options.timeouts(),
        enrollments,
        state.commands(),
        new EvidenceFiles(
            options.directory().resolve("evidence"), options.maxEvidenceBytes(), state.commands()),
        state.configurations(),
        state.reports(),
        workers,
        scheduler,
        options.clock(),
        options.refuseClones());
  }

  private SyslogServer startSyslog(
      IngestMetrics counters, ServerCredentials credentials, ConnectionLimits perAddress)
      throws IOException {
    SslContext tls =
        SslContextBuilder.forServer(
                credentials.key(), credentials.certificate(), credentials.root())
            .protocols("TLSv1.3", "TLSv1.2")
            .build();
    return SyslogServer.start(
        options.bindAddress(),
        options.syslog(),
        new SyslogServer.Services(
            ingest,
            inFlight,
            quotas,
            counters,
            workers,
            options.clock(),
            options.limits().maxSyslogBytes(),
            options.limits().maxConnections(),
            options.timeouts().idle().multipliedBy(10),
            syslogConnections,
            tenant -> state.enrollment().standing(tenant) == TenantStanding.SERVED,
            perAddress),
        tls);
  }

  private void sweepNowAndThen() {
    long period = options.timeouts().sweep().toMillis();
    var unused =
        scheduler.scheduleWithFixedDelay(
            () -> {
              try {
                streams.sweep(System.nanoTime(), options.clock().instant());
              } catch (RuntimeException e) {
                LOG.error("looking after streams failed", e);
              }
            },
            period,
            period,
            TimeUnit.MILLISECONDS);
  }

  private void gauges() {
    Gauge.builder("tidewatch.gateway.streams", streams, AgentStreams::count)
        .description("open agent streams")
        .register(metrics);
    Gauge.builder("tidewatch.gateway.in.flight.bytes", inFlight, InFlight::bytes)
        .description("bytes of events received and not yet in Kafka")
        .register(metrics);
    Gauge.builder("tidewatch.gateway.waiting.streams", inFlight, InFlight::waiting)
        .description("streams that are not read because too much is under way")
        .register(metrics);
    Gauge.builder("tidewatch.gateway.syslog.connections", syslogConnections, AtomicInteger::get)
        .description("open syslog connections")
        .register(metrics);
  }

  /** For commands on the same machine: {@code gateway.json}, gone when the gateway has stopped. */
  private void sayWhere() throws IOException {
    Path file = options.directory().resolve("gateway.json");
    ObjectNode where =
        JsonNodeFactory.instance
            .objectNode()
            .put("pid", ProcessHandle.current().pid())
            .put("endpoint", options.bindAddress() + ":" + port())
            .put("local", "http://127.0.0.1:" + localPort());
    ArrayNode ports = where.putArray("syslog");
    syslogPorts().forEach(ports::add);
    Secrets.write(file, (where + "\n").getBytes(StandardCharsets.UTF_8));
    closing.push(() -> Files.deleteIfExists(file));
  }

  /** The TLS port. */
  public int port() {
    return port(true);
  }

  /** The plain port on loopback. */
  public int localPort() {
    return port(false);
  }

  private int port(boolean tls) {
    return server.activePorts().values().stream()
        .filter(port -> port.hasTls() == tls)
        .map(port -> ((InetSocketAddress) port.localAddress()).getPort())
        .findFirst()
        .orElseThrow();
  }

  /** Syslog's ports, in the order of the options. */
  public List<Integer> syslogPorts() {
    return syslog.boundPorts();
  }

  /**
   * Tokens, keys, agents and commands.
   *
   * @throws IllegalStateException when the gateway works with a control database, whose API does
   *     all this
   */
  public GatewayAdministration administration() {
    return state
        .administration()
        .orElseThrow(() -> new IllegalStateException("the control API administers this gateway"))
        .administration();
  }

  /** Senders are told that the gateway goes; what Kafka is taking is waited for, for seconds. */
  @Override
  public void close() {
    while (!closing.isEmpty()) {
      try {
        closing.pop().close();
      } catch (Exception e) {
        LOG.warn("while stopping", e);
      }
    }
  }
}

package dev.tidewatch.control.gateway;

import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.gateway.agent.StreamTimeouts;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.control.gateway.ingest.Quota;
import dev.tidewatch.control.gateway.syslog.SyslogListener;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a gateway runs. Made with {@link #builder}; all that is wrong is said at once, by key.
 *
 * @param bindAddress {@code gateway.bind-address}: of the TLS and syslog ports; default 127.0.0.1
 * @param port {@code gateway.port}: TLS, for agents and all others; 0, the default, for a free one
 * @param localPort {@code gateway.local-port}: without TLS, on loopback: OTLP, NDJSON, metrics,
 *     administration; 0, the default, for a free one
 * @param hosts {@code gateway.hosts}: names and addresses under which agents reach the gateway;
 *     they stand in its certificate; loopback always does
 * @param telemetryEndpoint {@code gateway.telemetry-endpoint}: {@code host:port} that enrolled
 *     agents are told; empty, the default, for where they enrolled
 * @param directory {@code gateway.directory}: CA, keys, enrolments, commands, evidence
 * @param kafkaBootstrapServers {@code gateway.kafka.bootstrap-servers}: {@code host:port,…}
 * @param deliveryTimeout {@code gateway.kafka.delivery-timeout}: after which events that Kafka has
 *     not taken count as failed, 1 s to 5 min; default 20 s
 * @param limits on every size
 * @param timeouts of streams
 * @param quotas of a tenant; default unlimited
 * @param certificateLifetime {@code gateway.certificate-lifetime}: of agents' certificates, 1 s to
 *     398 days; default 7 days
 * @param renewalGrace {@code gateway.renewal-grace}: how long after its expiry a certificate may
 *     still renew, and nothing else, up to 398 days; default 30 days
 * @param refuseClones {@code gateway.refuse-clones}: whether an agent on other hardware than at its
 *     enrolment is refused; default false: it is flagged
 * @param maxEvidenceBytes {@code gateway.max-evidence-bytes}: one collected file; default 1 GiB
 * @param database {@code gateway.database.*}: the control database, with whose tenants, tokens,
 *     quotas, keys and commands the gateway works; empty for a gateway that keeps its own in its
 *     directory
 * @param controlInterval {@code gateway.control-interval}: between two looks at the control
 *     database, 100 ms to 2 s; default 500 ms
 * @param agentUpdates {@code gateway.agent-updates}: directory of a repository made by {@code
 *     tidewatch agent release}, served as it is under {@code /agent-updates/}; default none
 * @param syslog {@code gateway.syslog}: ports for syslog; default none
 * @param clock the gateway's time
 */
public record GatewayOptions(
    String bindAddress,
    int port,
    int localPort,
    List<String> hosts,
    String telemetryEndpoint,
    Path directory,
    String kafkaBootstrapServers,
    Duration deliveryTimeout,
    GatewayLimits limits,
    StreamTimeouts timeouts,
    Function<String, Quota> quotas,
    Duration certificateLifetime,
    Duration renewalGrace,
    boolean refuseClones,
    long maxEvidenceBytes,
    Optional<DatabaseOptions> database,
    Duration controlInterval,
    Optional<Path> agentUpdates,
    List<SyslogListener> syslog,
    Clock clock) {
  private static final Duration LONGEST_LIFETIME = Duration.ofDays(398);

  /**
   * @throws IllegalArgumentException with every problem, a line each, that begins with its key
   */
  public GatewayOptions {
    hosts = List.copyOf(hosts);
    syslog = List.copyOf(syslog);
    List<String> problems = new ArrayList<>(limits.problems());
    problems.addAll(timeouts.problems());
    require(problems, !bindAddress.isBlank(), "gateway.bind-address: must not be blank");
    require(problems, port >= 0 && port <= 65_535, "gateway.port: must be from 0 to 65535");
    require(
        problems,
        localPort >= 0 && localPort <= 65_535,
        "gateway.local-port: must be from 0 to 65535");
    require(
        problems,
        hosts.stream().allMatch(host -> host.matches("[A-Za-z0-9.:*_-]{1,253}")),
        "gateway.hosts: must be host names or addresses");
    require(
        problems,
        telemetryEndpoint.isEmpty() || isEndpoint(telemetryEndpoint),
        "gateway.telemetry-endpoint: must be host:port");
    require(
        problems,
        kafkaBootstrapServers.matches("[^\\s,:]+:[0-9]{1,5}(,[^\\s,:]+:[0-9]{1,5})*"),
        "gateway.kafka.bootstrap-servers: must be host:port, separated by commas");
    within(
        problems,
        "gateway.kafka.delivery-timeout",
        deliveryTimeout,
        Duration.ofSeconds(1),
        Duration.ofMinutes(5));
    within(
        problems,
        "gateway.certificate-lifetime",
        certificateLifetime,
        Duration.ofSeconds(1),
        LONGEST_LIFETIME);
    within(problems, "gateway.renewal-grace", renewalGrace, Duration.ZERO, LONGEST_LIFETIME);
    within(
        problems,
        "gateway.control-interval",
        controlInterval,
        Duration.ofMillis(100),
        Duration.ofSeconds(2));
    require(problems, maxEvidenceBytes > 0, "gateway.max-evidence-bytes: must be positive");
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  private static void require(List<String> problems, boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private static void within(
      List<String> problems, String key, Duration value, Duration least, Duration most) {
    boolean holds = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    require(
        problems,
        holds,
        key + ": must be from " + least.toSeconds() + " to " + most.toSeconds() + " s");
  }

  private static boolean isEndpoint(String text) {
    return text.matches("(\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}");
  }

  /** Everything that has a default has it. */
  public static Builder builder(Path directory, String kafkaBootstrapServers) {
    return new Builder(directory, kafkaBootstrapServers);
  }

  /** Collects options; {@link #build} checks them. */
  public static final class Builder {
    private final Path directory;
    private final String kafkaBootstrapServers;
    private String bindAddress = "127.0.0.1";
    private int port;
    private int localPort;
    private List<String> hosts = List.of();
    private String telemetryEndpoint = "";
    private Duration deliveryTimeout = Duration.ofSeconds(20);
    private GatewayLimits limits = GatewayLimits.DEFAULT;
    private StreamTimeouts timeouts = StreamTimeouts.DEFAULT;
    private Function<String, Quota> quotas = tenant -> Quota.UNLIMITED;
    private Duration certificateLifetime = Duration.ofDays(7);
    private Duration renewalGrace = Duration.ofDays(30);
    private boolean refuseClones;
    private long maxEvidenceBytes = 1L << 30;
    private Optional<DatabaseOptions> database = Optional.empty();
    private Duration controlInterval = Duration.ofMillis(500);
    private Optional<Path> agentUpdates = Optional.empty();
    private List<SyslogListener> syslog = List.of();
    private Clock clock = Clock.systemUTC();

    private Builder(Path directory, String kafkaBootstrapServers) {
      this.directory = directory;
      this.kafkaBootstrapServers = kafkaBootstrapServers;
    }

    public Builder bindAddress(String address) {
      bindAddress = address;
      return this;
    }

    public Builder ports(int tls, int local) {
      port = tls;
      localPort = local;
      return this;
    }

    public Builder hosts(List<String> names) {
      hosts = names;
      return this;
    }

    public Builder telemetryEndpoint(String endpoint) {
      telemetryEndpoint = endpoint;
      return this;
    }

    public Builder deliveryTimeout(Duration timeout) {
      deliveryTimeout = timeout;
      return this;
    }

    public Builder limits(GatewayLimits sizes) {
      limits = sizes;
      return this;
    }

    public Builder timeouts(StreamTimeouts times) {
      timeouts = times;
      return this;
    }

    public Builder quotas(Function<String, Quota> ofTenant) {
      quotas = ofTenant;
      return this;
    }

    public Builder certificates(Duration lifetime, Duration grace) {
      certificateLifetime = lifetime;
      renewalGrace = grace;
      return this;
    }

    public Builder refuseClones(boolean refuse) {
      refuseClones = refuse;
      return this;
    }

    public Builder maxEvidenceBytes(long bytes) {
      maxEvidenceBytes = bytes;
      return this;
    }

    public Builder database(DatabaseOptions control) {
      database = Optional.of(control);
      return this;
    }

    public Builder controlInterval(Duration interval) {
      controlInterval = interval;
      return this;
    }

    public Builder agentUpdates(Path repository) {
      agentUpdates = Optional.of(repository);
      return this;
    }

    public Builder syslog(List<SyslogListener> listeners) {
      syslog = listeners;
      return this;
    }

    public Builder clock(Clock time) {
      clock = time;
      return this;
    }

    /**
     * @throws IllegalArgumentException with every problem
     */
    public GatewayOptions build() {
      return new GatewayOptions(
          bindAddress,
          port,
          localPort,
          hosts,
          telemetryEndpoint,
          directory,
          kafkaBootstrapServers,
          deliveryTimeout,
          limits,
          timeouts,
          quotas,
          certificateLifetime,
          renewalGrace,
          refuseClones,
          maxEvidenceBytes,
          database,
          controlInterval,
          agentUpdates,
          syslog,
          clock);
    }
  }
}

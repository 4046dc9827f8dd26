package dev.tidewatch.control;

import dev.tidewatch.control.alert.FeedLimits;
import dev.tidewatch.control.deploy.DeploymentWatch;
import dev.tidewatch.control.request.Admission;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the control API runs. Made with {@link #builder}; all that is wrong is said at once, by key.
 *
 * @param bindAddress {@code control.bind-address}: the interface to listen on; default 127.0.0.1
 * @param port {@code control.port}: 0, the default, for a free one
 * @param allowedHosts {@code control.allowed-hosts}: names besides the loopback's and the bind
 *     address under which browsers may reach the server
 * @param corsOrigins {@code control.cors.origins}: origins ({@code https://name:port}, exactly)
 *     whose pages may call the API from a browser, with credentials; default none
 * @param clickHouse {@code control.clickhouse}: where alerts and events are
 * @param kafkaBootstrapServers {@code control.kafka.bootstrap-servers}: {@code host:port,…}
 * @param consumerGroup {@code control.kafka.consumer-group}: under which the detection job commits;
 *     default {@code tidewatch-detection}
 * @param flinkRest {@code control.flink-rest}: Flink's REST endpoint, empty where there is none
 * @param rules the compiled rule set in force, and the diagnostics of what was refused
 * @param consoleAssets {@code control.console-assets}: directory of the built console; empty takes
 *     the one on the classpath
 * @param sampleInterval {@code control.sample-interval}: between two looks at the pipeline, 0.1 s
 *     to 1 min; default 3 s
 * @param requestTimeout {@code control.request-timeout}: for every call but streams, 0.1 s to 10
 *     min; default 20 s
 * @param maxConnections {@code control.max-connections}: open at a time; default 1024
 * @param readings {@code control.readings.at-once}, {@code .waiting} and {@code .longest-wait}: how
 *     many requests read alerts and events at a time, how many more wait for them (each holds one
 *     of the blocking threads) and how long, 10 ms to 1 min; the others are refused at once with
 *     RESOURCE_EXHAUSTED or 429. Default two for each processor, four at least; 32; 2 s. Look-ups
 *     by id are counted apart, as many at once as may wait
 * @param blockingThreads {@code control.blocking-threads}: calls that are worked on at a time, most
 *     of which wait for a database; 4 to 1,000, default 128. As many threads may come into being
 * @param access {@code control.authentication}: who is let in; has no default, must be said
 * @param tls {@code control.tls.*}: certificates; empty for plain HTTP, for loopback and behind a
 *     proxy that speaks TLS
 * @param feeds how streams of alerts poll, and how long they outlast a store that is away
 * @param evidenceDirectory {@code control.evidence-directory}: where gateways put what agents
 *     collected; empty where no gateway shares a disk with this server
 * @param clock the server's own time
 * @param deployments told how far each revision of the rules has come; default nobody
 */
public record ControlOptions(
    String bindAddress,
    int port,
    Set<String> allowedHosts,
    Set<String> corsOrigins,
    ClickHouseEndpoint clickHouse,
    String kafkaBootstrapServers,
    String consumerGroup,
    Optional<URI> flinkRest,
    Supplier<Compilation> rules,
    Optional<Path> consoleAssets,
    Duration sampleInterval,
    Duration requestTimeout,
    int maxConnections,
    Admission.Limits readings,
    int blockingThreads,
    AccessOptions access,
    Optional<TlsOptions> tls,
    FeedLimits feeds,
    Optional<Path> evidenceDirectory,
    Clock clock,
    DeploymentWatch deployments) {

  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:]+\\])(:[0-9]{1,5})?");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

  /**
   * @throws IllegalArgumentException with every problem, a line each, that begins with its key
   */
  public ControlOptions {
    allowedHosts = Set.copyOf(allowedHosts);
    corsOrigins = Set.copyOf(corsOrigins);
    List<String> problems = new ArrayList<>();
    require(problems, !bindAddress.isBlank(), "control.bind-address: must not be blank");
    require(problems, port >= 0 && port <= 65_535, "control.port: must be from 0 to 65535");
    require(
        problems,
        allowedHosts.stream().noneMatch(host -> host.isBlank() || host.contains("/")),
        "control.allowed-hosts: must be host names without port or path");
    require(
        problems,
        corsOrigins.stream().allMatch(origin -> ORIGIN.matcher(origin).matches()),
        "control.cors.origins: must be http:// or https:// with a host and perhaps a port, in small"
            + " letters, and nothing behind; no wildcards");
    require(
        problems,
        isServerList(kafkaBootstrapServers),
        "control.kafka.bootstrap-servers: must be host:port, separated by commas");
    require(problems, !consumerGroup.isBlank(), "control.kafka.consumer-group: must not be blank");
    require(
        problems,
        flinkRest.isEmpty() || isHttp(flinkRest.get()),
        "control.flink-rest: must be an http:// or https:// URL");
    require(
        problems,
        consoleAssets.isEmpty() || Files.isDirectory(consoleAssets.get()),
        "control.console-assets: must be a directory");
    within(problems, "control.sample-interval", sampleInterval, Duration.ofMinutes(1));
    within(problems, "control.request-timeout", requestTimeout, Duration.ofMinutes(10));
    require(problems, maxConnections > 0, "control.max-connections: must be positive");
    require(problems, readings.atOnce() > 0, "control.readings.at-once: must be positive");
    require(
        problems,
        readings.waiting() >= 0 && readings.waiting() <= 60,
        "control.readings.waiting: must be from 0 to 60");
    require(
        problems,
        readings.longestWait().toMillis() >= 10 && readings.longestWait().toSeconds() <= 60,
        "control.readings.longest-wait: must be from 0.01 s to 60 s");
    require(
        problems,
        blockingThreads >= 4 && blockingThreads <= 1_000,
        "control.blocking-threads: must be from 4 to 1,000");
    require(
        problems,
        !(access instanceof AccessOptions.Open) || LOOPBACK.contains(bindAddress),
        "control.authentication: may be open only where control.bind-address is loopback");
    for (Path file : tls.map(ControlOptions::files).orElse(List.of())) {
      require(problems, Files.isReadable(file), "control.tls: cannot read " + file);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  /** Everything that has a default has it; ClickHouse, Kafka and the rules have none. */
  public static Builder builder(
      ClickHouseEndpoint clickHouse, String kafkaBootstrapServers, Supplier<Compilation> rules) {
    return new Builder(clickHouse, kafkaBootstrapServers, rules);
  }

  private static List<Path> files(TlsOptions tls) {
    List<Path> files = new ArrayList<>(List.of(tls.certificates(), tls.key()));
    tls.clientAuthorities().ifPresent(files::add);
    return files;
  }

  private static void require(List<String> problems, boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private static void within(List<String> problems, String key, Duration value, Duration most) {
    boolean holds = value.compareTo(Duration.ofMillis(100)) >= 0 && value.compareTo(most) <= 0;
    require(problems, holds, key + ": must be from 0.1 s to " + most.toSeconds() + " s");
  }

  private static boolean isServerList(String servers) {
    return servers.matches("[^\\s,:]+:[0-9]{1,5}(,[^\\s,:]+:[0-9]{1,5})*");
  }

  private static boolean isHttp(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null;
  }

  /** Collects options; {@link #build} checks them. */
  public static final class Builder {
    private final ClickHouseEndpoint clickHouse;
    private final String kafkaBootstrapServers;
    private final Supplier<Compilation> rules;
    private String bindAddress = "127.0.0.1";
    private int port;
    private Set<String> allowedHosts = Set.of();
    private Set<String> corsOrigins = Set.of();
    private String consumerGroup = "tidewatch-detection";
    private Optional<URI> flinkRest = Optional.empty();
    private Optional<Path> consoleAssets = Optional.empty();
    private Duration sampleInterval = Duration.ofSeconds(3);
    private Duration requestTimeout = Duration.ofSeconds(20);
    private int maxConnections = 1024;
    private Admission.Limits readings = Admission.Limits.defaults();
    private int blockingThreads = 128;
    private @Nullable AccessOptions access;
    private Optional<TlsOptions> tls = Optional.empty();
    private FeedLimits feeds = FeedLimits.defaults();
    private Optional<Path> evidenceDirectory = Optional.empty();
    private Clock clock = Clock.systemUTC();
    private DeploymentWatch deployments = DeploymentWatch.NONE;

    private Builder(
        ClickHouseEndpoint clickHouse, String kafkaBootstrapServers, Supplier<Compilation> rules) {
      this.clickHouse = clickHouse;
      this.kafkaBootstrapServers = kafkaBootstrapServers;
      this.rules = rules;
    }

    public Builder bindAddress(String address) {
      bindAddress = address;
      return this;
    }

    public Builder port(int number) {
      port = number;
      return this;
    }

    public Builder allowedHosts(Set<String> names) {
      allowedHosts = names;
      return this;
    }

    public Builder corsOrigins(Set<String> origins) {
      corsOrigins = origins;
      return this;
    }

    public Builder consumerGroup(String group) {
      consumerGroup = group;
      return this;
    }

    public Builder flinkRest(URI endpoint) {
      flinkRest = Optional.of(endpoint);
      return this;
    }

    public Builder consoleAssets(Path directory) {
      consoleAssets = Optional.of(directory);
      return this;
    }

    public Builder sampleInterval(Duration interval) {
      sampleInterval = interval;
      return this;
    }

    public Builder requestTimeout(Duration timeout) {
      requestTimeout = timeout;
      return this;
    }

    public Builder maxConnections(int most) {
      maxConnections = most;
      return this;
    }

    public Builder readings(Admission.Limits limits) {
      readings = limits;
      return this;
    }

    public Builder blockingThreads(int most) {
      blockingThreads = most;
      return this;
    }

    public Builder access(AccessOptions options) {
      access = options;
      return this;
    }

    public Builder tls(TlsOptions options) {
      tls = Optional.of(options);
      return this;
    }

    public Builder feeds(FeedLimits limits) {
      feeds = limits;
      return this;
    }

    public Builder evidenceDirectory(Path directory) {
      evidenceDirectory = Optional.of(directory);
      return this;
    }

    public Builder clock(Clock time) {
      clock = time;
      return this;
    }

    public Builder deployments(DeploymentWatch watch) {
      deployments = watch;
      return this;
    }

    /**
     * @throws IllegalArgumentException with every problem
     */
    public ControlOptions build() {
      if (access == null) {
        throw new IllegalArgumentException(
            "control.authentication: must be said: required, or open for a test on loopback");
      }
      return new ControlOptions(
          bindAddress,
          port,
          allowedHosts,
          corsOrigins,
          clickHouse,
          kafkaBootstrapServers,
          consumerGroup,
          flinkRest,
          rules,
          consoleAssets,
          sampleInterval,
          requestTimeout,
          maxConnections,
          readings,
          blockingThreads,
          access,
          tls,
          feeds,
          evidenceDirectory,
          clock,
          deployments);
    }
  }
}

package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tidewatch.benchmarks.ActiveRevisions.Seen;
import dev.tidewatch.control.AccessOptions;
import dev.tidewatch.control.ControlOptions;
import dev.tidewatch.control.ControlServer;
import dev.tidewatch.control.LocalOperator;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.database.LocalDatabase;
import dev.tidewatch.control.v1.DeployRulesRequest;
import dev.tidewatch.control.v1.DeployRulesResponse;
import dev.tidewatch.control.v1.RuleDeploymentServiceGrpc.RuleDeploymentServiceBlockingStub;
import dev.tidewatch.control.v1.RuleFile;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.embedded.EmbeddedPostgres;
import dev.tidewatch.events.Topics;
import dev.tidewatch.jobs.LocalCluster;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.sigma.SigmaCompiler;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import dev.tidewatch.store.ClickHouseEndpoint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;

/**
 * How long a rule takes from the call of the control API that deploys it to the last subtask that
 * runs it, the real way: gRPC, PostgreSQL, outbox, Kafka, the running job; while recorded events
 * come in at half of what the same job has just been seen to manage. Every second deployment makes
 * a new rule, the one behind it another version of that. Each deployment's time is told stage by
 * stage, as the control API reaches them ({@link DeployStages}) and the subtasks report. Also what
 * many deployments leave behind in the process that holds broker, Flink, job and control API: heap
 * after a collection, class metadata, threads by their names.
 */
public final class DeployBenchmark {
  private static final String RULE =
      """
      # deployment %d
      title: Deployed again and again
      id: 9a31c5d2-3c6e-4c1c-9a7e-5f1f3a%06d
      status: test
      level: low
      logsource: {product: windows, category: process_creation}
      detection:
        selection: {Image|endswith: '\\whoami.exe'}
        condition: selection
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int WARM_UP = 10;

  /**
   * @param corpus directory with NDJSON files
   * @param rules directories and files of rules that run all the time
   * @param events of the backlog that shows what the job manages
   * @param deploys how many, at most
   * @param seconds after which no other deployment is begun
   */
  public record Settings(
      Path corpus, List<Path> rules, int parallelism, int events, int deploys, int seconds) {}

  private final Settings settings;
  private final Consumer<String> progress;

  public DeployBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * @param scratch for the data of the servers
   */
  public ObjectNode run(Path scratch) throws IOException, InterruptedException {
    CorpusTelemetry telemetry = CorpusTelemetry.read(settings.corpus(), "*.ndjson");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(scratch.resolve("kafka"), 0);
        EmbeddedClickHouse clickHouse = EmbeddedClickHouse.start(scratch.resolve("clickhouse"), 0);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(scratch.resolve("postgres"), 0);
        LocalCluster cluster =
            LocalCluster.start(
                new Configuration(), scratch.resolve("flink"), 0, settings.parallelism());
        TelemetryProducer producer = new TelemetryProducer(kafka.bootstrapServers(), telemetry)) {
      kafka.createTopic(Topics.TELEMETRY, Math.max(2, settings.parallelism()));
      producer.send(settings.events());
      cluster.submit(options(kafka, clickHouse));
      ObjectNode result = new ObjectMapper().createObjectNode();
      int rate = half(result, clickHouse);
      DeployStages stages = new DeployStages();
      try (ControlServer control = control(scratch, postgres, kafka, clickHouse, stages);
          Load load = new Load(producer, rate);
          ActiveRevisions active = new ActiveRevisions(kafka.bootstrapServers())) {
        deploy(new Deploys(control, scratch), active, stages, result);
        result.put("events_sent_meanwhile", load.sent());
        result.put(
            "load_average", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      }
      return result;
    }
  }

  private static ControlServer control(
      Path scratch,
      EmbeddedPostgres postgres,
      EmbeddedKafka kafka,
      EmbeddedClickHouse clickHouse,
      DeployStages stages) {
    DatabaseOptions database =
        LocalDatabase.prepare(
            postgres.jdbcUrl(), "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/tidewatch");
    var unused = LocalOperator.prepare(database, scratch, Clock.systemUTC());
    AccessOptions.Required access =
        AccessOptions.required(database, scratch.resolve("audit-signing.key"))
            .withRequestsPerSecond(1_000_000);
    Compilation none = new SigmaCompiler().compile(List.of());
    return ControlServer.start(
        ControlOptions.builder(
                ClickHouseEndpoint.of(clickHouse.url()), kafka.bootstrapServers(), () -> none)
            .access(access)
            .deployments(stages)
            .build());
  }

  private int half(ObjectNode result, EmbeddedClickHouse clickHouse)
      throws IOException, InterruptedException {
    progress.accept("measuring what the job manages");
    ClickHouseProbe probe = new ClickHouseProbe(clickHouse.url(), "tidewatch");
    Map<String, Object> full = Throughput.measure(probe, settings.events(), clickHouse.pid());
    long steady = ((Number) full.getOrDefault("events_per_second_steady", 0L)).longValue();
    result.put("events_per_second_of_a_backlog", steady);
    result.put("events_per_second_while_deploying", steady / 2);
    return (int) (steady / 2);
  }

  private void deploy(
      Deploys deploys, ActiveRevisions active, DeployStages stages, ObjectNode result) {
    progress.accept("warming up");
    // MATCH and the levels of REMEMBER: all of them have reported since the job started.
    active.await(deploys.next(), settings.parallelism(), PATIENCE);
    for (int i = 1; i < WARM_UP; i++) {
      active.await(deploys.next(), active.subtasks(), PATIENCE);
    }
    int subtasks = active.subtasks();
    result.put("subtasks", subtasks);
    DeployLatencies latencies = new DeployLatencies();
    Footprint before = Footprint.now();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.seconds());
    for (int i = 0; i < settings.deploys() && System.nanoTime() < end; i++) {
      boolean created = deploys.createsNext();
      long called = micros();
      long revision = deploys.next();
      long answered = micros();
      Seen seen = active.await(revision, subtasks, PATIENCE);
      latencies.add(created, called, answered, seen);
      latencies.addStages(called, stages.take(revision), seen, micros());
      if ((i + 1) % 50 == 0) {
        progress.accept((i + 1) + " of " + settings.deploys() + " deployed");
      }
    }
    Footprint after = Footprint.now();
    progress.accept(latencies.table());
    latencies.addTo(result);
    result.set("cpu_ms_each", after.cpuSince(before, latencies.size()));
    result.set("before", before.toJson());
    result.set("after", after.toJson());
    result.set("threads_since", after.threadsSince(before));
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** Deployments through the control API, one after another. */
  private static final class Deploys {
    private final RuleDeploymentServiceBlockingStub rules;
    private int made;

    Deploys(ControlServer control, Path directory) {
      rules =
          GrpcClients.builder("gproto+h2c://127.0.0.1:" + control.port())
              .addHeader("authorization", "Bearer " + LocalOperator.key(directory).orElseThrow())
              .responseTimeout(PATIENCE)
              .build(RuleDeploymentServiceBlockingStub.class);
    }

    /** Whether the next one makes a rule, and not another version. */
    boolean createsNext() {
      return made % 2 == 0;
    }

    long next() {
      DeployRulesResponse deployed =
          rules.deployRules(
              DeployRulesRequest.newBuilder()
                  .setTenantId("default")
                  .addFiles(
                      RuleFile.newBuilder()
                          .setFile("again%d.yml".formatted(made / 2))
                          .setText(RULE.formatted(made, made / 2)))
                  .build());
      made++;
      if (deployed.getRevision() == 0 || deployed.getWaitsForKafka()) {
        throw new IllegalStateException("not deployed: " + deployed);
      }
      return deployed.getRevision();
    }
  }

  private DetectionOptions options(EmbeddedKafka kafka, EmbeddedClickHouse clickHouse) {
    Configuration configuration = new Configuration();
    configuration.set(DetectionOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
    configuration.set(DetectionOptions.CLICKHOUSE_URL, clickHouse.url());
    configuration.set(
        DetectionOptions.RULE_PATHS, settings.rules().stream().map(Path::toString).toList());
    configuration.set(DetectionOptions.PARALLELISM, settings.parallelism());
    return DetectionOptions.from(configuration);
  }

  /** Events at a rate, a second at a time, until closed. */
  private static final class Load implements AutoCloseable {
    private final TelemetryProducer producer;
    private final int rate;
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean stopping;
    private volatile long sent;

    Load(TelemetryProducer producer, int rate) {
      this.producer = producer;
      this.rate = Math.max(1, rate);
      thread.start();
    }

    private void run() {
      while (!stopping) {
        producer.sendAt(rate, 1, new ConcurrentHashMap<>());
        sent += rate;
      }
    }

    long sent() {
      return sent;
    }

    @Override
    public void close() throws InterruptedException {
      stopping = true;
      thread.join();
    }
  }
}

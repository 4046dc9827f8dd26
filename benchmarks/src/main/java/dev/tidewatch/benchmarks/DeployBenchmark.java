package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewatch.deploy.Deployment;
import dev.tidewatch.deploy.RuleTopic;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.events.Topics;
import dev.tidewatch.events.v1.RuleStage;
import dev.tidewatch.jobs.LocalCluster;
import dev.tidewatch.jobs.options.DetectionOptions;
import dev.tidewatch.sigma.RuleDocument;
import dev.tidewatch.sigma.RuleSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;

/**
 * How long a rule takes from the call that deploys it to the last subtask that runs it, while
 * recorded events come in at half of what the same job has just been seen to manage; and what many
 * deployments leave behind in the process that holds broker, Flink and job: heap after a
 * collection, class metadata, threads.
 */
public final class DeployBenchmark {
  private static final String RULE =
      """
      # deployment %d
      title: Deployed again and again
      id: 9a31c5d2-3c6e-4c1c-9a7e-5f1f3a9b7c01
      status: test
      level: low
      logsource: {product: windows, category: process_creation}
      detection:
        selection: {Image|endswith: '\\whoami.exe'}
        condition: selection
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * @param corpus directory with NDJSON files
   * @param rules directories and files of rules that run all the time
   * @param events of the backlog that shows what the job manages
   * @param deploys how many
   */
  public record Settings(Path corpus, List<Path> rules, int parallelism, int events, int deploys) {}

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
        LocalCluster cluster =
            LocalCluster.start(
                new Configuration(), scratch.resolve("flink"), 0, settings.parallelism());
        TelemetryProducer producer = new TelemetryProducer(kafka.bootstrapServers(), telemetry)) {
      kafka.createTopic(Topics.TELEMETRY, Math.max(2, settings.parallelism()));
      producer.send(settings.events());
      cluster.submit(options(kafka, clickHouse));
      ObjectNode result = new ObjectMapper().createObjectNode();
      int rate = half(result, clickHouse);
      try (Load load = new Load(producer, rate);
          ActiveRevisions active = new ActiveRevisions(kafka.bootstrapServers())) {
        deploy(new RuleTopic(servers(kafka), Topics.RULES), active, result);
        result.put("events_sent_meanwhile", load.sent());
      }
      return result;
    }
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

  private void deploy(RuleTopic topic, ActiveRevisions active, ObjectNode result) {
    long running = topic.read().revision();
    // MATCH and the levels of REMEMBER: all of them have reported since the job started.
    active.await(running, settings.parallelism(), PATIENCE);
    active.await(deployed(topic, 0), active.subtasks(), PATIENCE);
    int subtasks = active.subtasks();
    result.put("subtasks", subtasks);
    long[] micros = new long[settings.deploys()];
    ObjectNode before = footprint();
    for (int i = 0; i < micros.length; i++) {
      long called = System.currentTimeMillis() * 1_000;
      long revision = deployed(topic, i + 1);
      micros[i] = Math.max(0, active.await(revision, subtasks, PATIENCE) - called);
      if ((i + 1) % 100 == 0) {
        progress.accept((i + 1) + " of " + micros.length + " deployed");
      }
    }
    Arrays.sort(micros);
    result.put("deploys", micros.length);
    result.put("p50_ms", millis(micros, 50)).put("p99_ms", millis(micros, 99));
    result.put("max_ms", millis(micros, 100));
    result.set("before", before);
    result.set("after", footprint());
  }

  private static long deployed(RuleTopic topic, int number) {
    RuleDocument document =
        RuleDocument.of(List.of(new RuleSource("again.yml", RULE.formatted(number)))).get(0);
    return topic
        .change(
            book -> {
              Deployment deployment = new Deployment(book, "benchmark", Clock.systemUTC());
              deployment.deploy(document, RuleStage.RULE_STAGE_LIVE, List.of());
              return deployment.plan();
            })
        .after()
        .revision();
  }

  private static double millis(long[] sorted, int percent) {
    int at = Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1);
    return Math.round(sorted[at] / 10.0) / 100.0;
  }

  private static ObjectNode footprint() {
    System.gc();
    ObjectNode node = new ObjectMapper().createObjectNode();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long metaspace =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .map(MemoryPoolMXBean::getUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    node.put("heap_mb", heap >> 20).put("metaspace_mb", metaspace >> 20);
    node.put("classes", ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    return node.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private static Map<String, String> servers(EmbeddedKafka kafka) {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
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

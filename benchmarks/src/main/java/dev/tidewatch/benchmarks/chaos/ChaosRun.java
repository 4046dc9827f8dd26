package dev.tidewatch.benchmarks.chaos;

import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.jobs.RemoteJob;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;

/** One run: start, load and faults, recovery, comparison. */
public final class ChaosRun {
  private static final int PARTITIONS = 4;
  private static final Duration RECOVERY = Duration.ofMinutes(4);
  private static final String RULES_TOPIC = DetectionOptions.RULES_TOPIC.defaultValue();

  private final ChaosOptions options;
  private final Progress progress;

  public ChaosRun(ChaosOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * @throws IllegalStateException when the rig itself does not work: a part does not start, Kafka
   *     refuses events
   */
  public ChaosReport run() throws IOException {
    Path rules = writeRules();
    progress.say("starting ZooKeeper, Kafka, ClickHouse, a JobManager and two TaskManagers");
    try (ChaosCluster cluster = ChaosCluster.start(options.directory(), options.stateBackend())) {
      JobID job = RemoteJob.submit(cluster.rest(), job(cluster, rules));
      progress.say("job submitted; waiting for its first checkpoint");
      new FlinkRest(cluster.rest()).awaitCheckpoint(job);
      return load(cluster, rules);
    }
  }

  private ChaosReport load(ChaosCluster cluster, Path rules) throws IOException {
    long startMicros = System.currentTimeMillis() * 1_000;
    ChaosTelemetry telemetry = new ChaosTelemetry(options.seed(), startMicros, options.rate());
    Faults faults = new Faults(cluster, options.seed(), progress);
    long start = System.nanoTime();
    long events;
    ChaosDeploys deploys =
        ChaosDeploys.start(cluster.bootstrapServers(), RULES_TOPIC, resource("marker.yml"));
    try (deploys;
        ChaosLoad load =
            ChaosLoad.start(cluster.bootstrapServers(), telemetry, options.rate(), PARTITIONS)) {
      Pause.millis(5_000);
      faults.runUntil(start + options.length().toNanos());
      events = load.finish();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.say("%,d events sent in %.0f s".formatted(events, seconds));
    Played played = new Played(seconds, events, faults, deploys);
    return compare(cluster, played, ReferenceAlerts.of(telemetry, events, rules));
  }

  /** What was done to the cluster. */
  private record Played(double seconds, long events, Faults faults, ChaosDeploys deploys) {}

  private ChaosReport compare(ChaosCluster cluster, Played played, ReferenceAlerts reference)
      throws IOException {
    long start = System.nanoTime();
    StoredAlerts store = new StoredAlerts(cluster.clickHouse());
    try (CommittedAlerts kafka = new CommittedAlerts(cluster.bootstrapServers())) {
      AlertSet expected = reference.alerts();
      AlertSet committed = kafka.read();
      AlertSet stored = store.read();
      while (System.nanoTime() - start < RECOVERY.toNanos()
          && !(isSame(committed, expected) && isSame(stored, expected))) {
        Pause.millis(1_000);
        committed = kafka.read();
        stored = store.read();
      }
      double recovery = (System.nanoTime() - start) / 1e9;
      // What would come too much comes with the next transactions.
      Pause.millis(8_000);
      committed = kafka.read();
      stored = store.read();
      return new ChaosReport(
          played.seconds(),
          played.events(),
          named(played.faults().kills()),
          played.deploys().deployed(),
          played.deploys().failed(),
          countsByRule(expected),
          kafka.records(),
          recovery,
          ChaosReport.Difference.of(committed.against(expected)),
          ChaosReport.Difference.of(stored.against(expected)),
          committed.twice().stream().limit(20).toList(),
          store.events(),
          markers(reference.markers(), kafka, store));
    }
  }

  private static ChaosReport.Markers markers(
      Set<String> expected, CommittedAlerts kafka, StoredAlerts store) throws IOException {
    Map<String, Set<String>> seen = kafka.markers();
    return new ChaosReport.Markers(
        expected.size(),
        expected.stream().filter(id -> !seen.containsKey(id)).count(),
        seen.values().stream().filter(alerts -> alerts.size() > 1).count(),
        store.orphanedMarkers());
  }

  private static boolean isSame(AlertSet seen, AlertSet expected) {
    return seen.against(expected).isNone();
  }

  private static Map<String, Integer> named(Map<ChaosCluster.Part, Integer> kills) {
    Map<String, Integer> named = new TreeMap<>();
    kills.forEach((part, count) -> named.put(part.toString(), count));
    return named;
  }

  private static Map<String, Long> countsByRule(AlertSet alerts) {
    Map<String, Long> counts = new TreeMap<>();
    alerts.byId().values().forEach(seen -> counts.merge(seen.ruleId(), 1L, Long::sum));
    return counts;
  }

  private Path writeRules() throws IOException {
    Path directory = Files.createDirectories(options.directory().resolve("rules"));
    for (String file : List.of("rules.yml", "marker.yml")) {
      Files.writeString(directory.resolve(file), resource(file));
    }
    return directory;
  }

  private static String resource(String name) throws IOException {
    try (InputStream resource = ChaosRun.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private DetectionOptions job(ChaosCluster cluster, Path rules) {
    EmbeddedClickHouse clickHouse = cluster.clickHouse();
    Configuration settings = new Configuration();
    settings.set(DetectionOptions.BOOTSTRAP_SERVERS, cluster.bootstrapServers());
    settings.set(DetectionOptions.CLICKHOUSE_URL, clickHouse.url());
    settings.set(DetectionOptions.CLICKHOUSE_USER, clickHouse.user());
    settings.set(DetectionOptions.CLICKHOUSE_PASSWORD, clickHouse.password());
    settings.set(DetectionOptions.RULE_PATHS, List.of(rules.toString()));
    settings.set(DetectionOptions.PARALLELISM, 2);
    settings.set(DetectionOptions.TOPIC_PARTITIONS, PARTITIONS);
    settings.set(DetectionOptions.CHECKPOINT_INTERVAL, Duration.ofSeconds(2));
    // A partition must not be taken for silent while its broker is away.
    settings.set(DetectionOptions.IDLENESS, Duration.ofMinutes(30));
    settings.set(DetectionOptions.IDLE_ADVANCE, Duration.ZERO);
    settings.set(DetectionOptions.ALERTS_PER_MINUTE, 1_000_000);
    return DetectionOptions.from(settings);
  }
}

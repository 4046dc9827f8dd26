package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.events.Topics;
import dev.tidewatch.jobs.LocalCluster;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.FileUtils;

/**
 * The detection job between a real Kafka, a real Flink and a real ClickHouse on this machine, over
 * recorded events: events per second until stored, time from Kafka's append until an alert is
 * visible in ClickHouse, and memory. Prints one JSON object. Kafka and Flink run in this process,
 * ClickHouse in its own, as in {@code tidewatch up}.
 *
 * <pre>
 * mvn -q -pl benchmarks exec:exec -Dexec.executable=java \
 *   -Dexec.args="-Xmx1200m --add-opens=java.base/java.lang=ALL-UNNAMED
 *     --add-opens=java.base/java.util=ALL-UNNAMED -cp %classpath
 *     dev.tidewatch.benchmarks.EndToEndBenchmark --corpus ../../shared/corpus/events
 *     --rules ../cep-patterns/rules --parallelism 1"
 * </pre>
 */
public final class EndToEndBenchmark {
  private EndToEndBenchmark() {}

  public static void main(String[] args) throws Exception {
    EndToEndArguments arguments = EndToEndArguments.parse(args);
    CorpusTelemetry telemetry = CorpusTelemetry.read(arguments.corpus(), arguments.files());
    Path directory = Files.createTempDirectory("tidewatch-benchmark");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("machine", machine());
    result.put("corpus", corpus(telemetry));
    result.put("parallelism", arguments.parallelism());
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        EmbeddedClickHouse clickHouse =
            EmbeddedClickHouse.start(directory.resolve("clickhouse"), 0)) {
      measure(arguments, telemetry, kafka, clickHouse, directory, result);
    } finally {
      FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
    System.out.println(
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
  }

  private static void measure(
      EndToEndArguments arguments,
      CorpusTelemetry telemetry,
      EmbeddedKafka kafka,
      EmbeddedClickHouse clickHouse,
      Path directory,
      Map<String, Object> result)
      throws Exception {
    kafka.createTopic(
        Topics.TELEMETRY,
        Math.max(2, arguments.parallelism()),
        Map.of("message.timestamp.type", "LogAppendTime"));
    ClickHouseProbe probe = new ClickHouseProbe(clickHouse.url(), "tidewatch");
    try (TelemetryProducer producer = new TelemetryProducer(kafka.bootstrapServers(), telemetry);
        LocalCluster cluster =
            LocalCluster.start(
                new Configuration(), directory.resolve("flink"), 0, arguments.parallelism())) {
      producer.send(arguments.events());
      cluster.submit(options(arguments, kafka, clickHouse));
      if (arguments.events() > 0) {
        result.put("throughput", Throughput.measure(probe, arguments.events(), clickHouse.pid()));
      }
      if (arguments.seconds() > 0) {
        result.put(
            "latency",
            AlertLatency.measure(probe, producer, arguments.rate(), arguments.seconds()));
      }
      result.put("memory", memory(clickHouse));
    }
  }

  private static DetectionOptions options(
      EndToEndArguments arguments, EmbeddedKafka kafka, EmbeddedClickHouse clickHouse) {
    Configuration configuration = new Configuration();
    configuration.set(DetectionOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
    configuration.set(DetectionOptions.CLICKHOUSE_URL, clickHouse.url());
    configuration.set(DetectionOptions.RULE_PATHS, List.of(arguments.rules().toString()));
    configuration.set(DetectionOptions.PARALLELISM, arguments.parallelism());
    return DetectionOptions.from(configuration);
  }

  private static Map<String, Object> machine() {
    return Map.of(
        "processors", Runtime.getRuntime().availableProcessors(),
        "java", System.getProperty("java.version"),
        "heap_max_mb", Runtime.getRuntime().maxMemory() >> 20);
  }

  private static Map<String, Object> corpus(CorpusTelemetry telemetry) {
    return Map.of(
        "files", telemetry.names(),
        "events", telemetry.size(),
        "mean_bytes", Math.round(telemetry.meanBytes()));
  }

  private static Map<String, Object> memory(EmbeddedClickHouse clickHouse) throws IOException {
    long java = residentMegabytes(ProcessHandle.current().pid());
    long store = residentMegabytes(clickHouse.pid());
    return Map.of(
        "kafka_and_flink_peak_mb", java, "clickhouse_peak_mb", store, "all_peak_mb", java + store);
  }

  /** The most that a process ever had resident, by Linux. */
  private static long residentMegabytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
        .findFirst()
        .orElse(-1);
  }
}

package dev.tidewatch.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.embedded.EmbeddedClickHouse;
import dev.tidewatch.embedded.EmbeddedKafka;
import dev.tidewatch.events.Topics;
import dev.tidewatch.jobs.LocalCluster;
import dev.tidewatch.jobs.options.DetectionOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.FileUtils;

/**
 * What rules cost the whole job: the same events through the same job with one rule that looks at
 * none of them, with all rules of a directory, and with 200 correlations and 50 patterns beside
 * these. Each case has a fresh Kafka, ClickHouse and Flink; the middle one runs twice, first and
 * last, to show how far two runs of the same differ. Prints one JSON object.
 *
 * <pre>
 * java -Xmx1500m -XX:+UseParallelGC --add-opens=java.base/java.lang=ALL-UNNAMED
 *   --add-opens=java.base/java.util=ALL-UNNAMED -cp 'cli/target/tidewatch/lib/*'
 *   dev.tidewatch.benchmarks.JobCostBenchmark --corpus ../shared/corpus/events
 *   --rules ../shared/corpus/sigma-rules/rules --parallelism 2 --events 200000
 * </pre>
 */
public final class JobCostBenchmark {
  private static final int CORRELATIONS = 200;
  private static final int PATTERNS = 50;
  private static final String IDLE_RULE =
      """
      title: Looks at nothing that comes
      id: 3c8a5ff2-55b0-4c35-8a57-0a6c0f0a7b11
      status: test
      level: low
      logsource: {product: nothing_has_this_product}
      detection:
        selection: {a: b}
        condition: selection
      """;

  private JobCostBenchmark() {}

  public static void main(String[] args) throws Exception {
    EndToEndArguments arguments = EndToEndArguments.parse(args);
    CorpusTelemetry telemetry = CorpusTelemetry.read(arguments.corpus(), arguments.files());
    StatefulRules stateful =
        StatefulRules.over(arguments.rules(), telemetry, CORRELATIONS, PATTERNS);
    Path directory = Files.createTempDirectory("tidewatch-job-cost");
    try {
      Path idle = write(directory.resolve("idle.yml"), IDLE_RULE);
      Path remembered = write(directory.resolve("stateful.yml"), stateful.yaml());
      List<Path> sigma = List.of(arguments.rules());
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("corpus_events", telemetry.size());
      result.put("matches_of_remembered_rules_in_corpus", stateful.matches());
      result.put("parallelism", arguments.parallelism());
      result.put("sigma_first", run(arguments, telemetry, sigma));
      result.put("pass_through", run(arguments, telemetry, List.of(idle)));
      result.put(
          "sigma_and_stateful", run(arguments, telemetry, List.of(sigma.get(0), remembered)));
      result.put("sigma_last", run(arguments, telemetry, sigma));
      System.out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
    } finally {
      FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
  }

  private static Path write(Path file, String text) throws java.io.IOException {
    return Files.writeString(file, text);
  }

  private static Map<String, Object> run(
      EndToEndArguments arguments, CorpusTelemetry telemetry, List<Path> rules) throws Exception {
    Path directory = Files.createTempDirectory("tidewatch-job-cost-run");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        EmbeddedClickHouse clickHouse =
            EmbeddedClickHouse.start(directory.resolve("clickhouse"), 0);
        LocalCluster cluster =
            LocalCluster.start(
                new Configuration(), directory.resolve("flink"), 0, arguments.parallelism())) {
      kafka.createTopic(Topics.TELEMETRY, Math.max(2, arguments.parallelism()));
      try (TelemetryProducer producer =
          new TelemetryProducer(kafka.bootstrapServers(), telemetry)) {
        producer.send(arguments.events());
      }
      cluster.submit(options(arguments, kafka, clickHouse, rules));
      ClickHouseProbe probe = new ClickHouseProbe(clickHouse.url(), "tidewatch");
      return Throughput.measure(probe, arguments.events(), clickHouse.pid());
    } finally {
      FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
  }

  private static DetectionOptions options(
      EndToEndArguments arguments,
      EmbeddedKafka kafka,
      EmbeddedClickHouse clickHouse,
      List<Path> rules) {
    Configuration configuration = new Configuration();
    configuration.set(DetectionOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
    configuration.set(DetectionOptions.CLICKHOUSE_URL, clickHouse.url());
    configuration.set(DetectionOptions.RULE_PATHS, rules.stream().map(Path::toString).toList());
    configuration.set(DetectionOptions.PARALLELISM, arguments.parallelism());
    return DetectionOptions.from(configuration);
  }
}

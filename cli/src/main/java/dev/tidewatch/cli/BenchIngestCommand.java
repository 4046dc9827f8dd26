package dev.tidewatch.cli;

import dev.tidewatch.benchmarks.ingest.AlertLatencyBenchmark;
import dev.tidewatch.benchmarks.ingest.IngestBenchmark;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch bench ingest}: events per second through a gateway, memory of idle streams. */
@Command(
    name = "ingest",
    description = {
      "Starts a broker and a gateway, streams events over mutual TLS, and prints one JSON object: events",
      "per second into Kafka beside those of the plain producer in the same run, CPU and memory."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch bench ingest --events 2000000 --idle 10000",
      "  tidewatch bench ingest --alert-latency --rate 2000 --seconds 60"
    })
final class BenchIngestCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--events",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "In each pass. Default: ${DEFAULT-VALUE}.")
  long events;

  @Option(
      names = "--batch",
      defaultValue = "500",
      paramLabel = "N",
      description = "Events in a batch. Default: ${DEFAULT-VALUE}.")
  int batch;

  @Option(
      names = "--bytes",
      defaultValue = "500",
      paramLabel = "N",
      description = "Payload of an event. Default: ${DEFAULT-VALUE}.")
  int bytes;

  @Option(
      names = "--streams",
      defaultValue = "10",
      paramLabel = "N",
      description = "Agents that send. Default: ${DEFAULT-VALUE}.")
  int streams;

  @Option(
      names = "--idle",
      defaultValue = "0",
      paramLabel = "N",
      description = "Then that many idle streams. Default: none.")
  int idle;

  @Option(
      names = "--gateway-heap",
      defaultValue = "512",
      paramLabel = "MB",
      description = "Heap of the gateway's JVM. Default: ${DEFAULT-VALUE}.")
  int heap;

  @Option(
      names = "--alert-latency",
      description = {
        "Instead: from an event that is handed to an agent until its alert is visible in ClickHouse, through",
        "gateway, Kafka and the detection job; p50, p90, p99."
      })
  boolean alertLatency;

  @Option(
      names = "--rate",
      defaultValue = "2000",
      paramLabel = "N",
      description = "Events a second, for --alert-latency. Default: ${DEFAULT-VALUE}.")
  int rate;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "N",
      description = "Measured, for --alert-latency. Default: ${DEFAULT-VALUE}.")
  int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      paramLabel = "SECONDS",
      description = "Before, for --alert-latency. Default: ${DEFAULT-VALUE}.")
  int warmUp;

  @Option(
      names = "--linger",
      defaultValue = "200",
      paramLabel = "MS",
      description = {
        "For --alert-latency: how long an agent waits for more events. Default, as the agent's:",
        "${DEFAULT-VALUE}."
      })
  int linger;

  @Mixin RuleSelection rules;

  @Override
  public Integer call() throws Exception {
    if (alertLatency) {
      return latency();
    }
    if (events < 1 || batch < 1 || bytes < 300 || streams < 1 || idle < 0) {
      throw new CommandFailedException(
          Tidewatch.USAGE, "--events, --batch, --streams: at least 1; --bytes: at least 300");
    }
    Path scratch = Files.createTempDirectory("tidewatch-bench");
    Shutdown.deleteAtEnd(scratch);
    PrintWriter err = spec.commandLine().getErr();
    IngestBenchmark benchmark =
        new IngestBenchmark(
            new IngestBenchmark.Settings(events, batch, bytes, streams, idle, heap),
            line -> {
              err.println(line);
              err.flush();
            });
    spec.commandLine().getOut().println(benchmark.run(scratch).toPrettyString());
    return Tidewatch.OK;
  }

  private int latency() throws Exception {
    if (rate < 20 || seconds < 1 || warmUp < 1 || linger < 0) {
      throw new CommandFailedException(
          Tidewatch.USAGE, "--rate: at least 20; --seconds, --warm-up: at least 1");
    }
    Path scratch = Files.createTempDirectory("tidewatch-bench");
    Shutdown.deleteAtEnd(scratch);
    PrintWriter err = spec.commandLine().getErr();
    AlertLatencyBenchmark benchmark =
        new AlertLatencyBenchmark(
            new AlertLatencyBenchmark.Settings(
                rate,
                Duration.ofSeconds(warmUp),
                Duration.ofSeconds(seconds),
                Duration.ofMillis(linger),
                rules.paths(),
                heap),
            line -> {
              err.println(line);
              err.flush();
            });
    spec.commandLine().getOut().println(benchmark.run(scratch).toPrettyString());
    return Tidewatch.OK;
  }
}

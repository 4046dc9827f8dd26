package dev.tidewatch.cli;

import dev.tidewatch.benchmarks.ingest.IngestBenchmark;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
    footerHeading = "%nExample:%n",
    footer = "  tidewatch bench ingest --events 2000000 --idle 10000")
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

  @Override
  public Integer call() throws Exception {
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
}

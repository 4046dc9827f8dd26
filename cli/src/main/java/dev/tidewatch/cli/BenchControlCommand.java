package dev.tidewatch.cli;

import dev.tidewatch.benchmarks.control.ControlBenchmark;
import dev.tidewatch.sigma.RuleDirectory;
import dev.tidewatch.sigma.SigmaCompiler;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch bench control}: alert search and mixed requests on a control API of its own. */
@Command(
    name = "control",
    description = {
      "Starts ClickHouse, PostgreSQL and a control API, makes alerts inside ClickHouse, and prints one JSON",
      "object: how long searches take one after another, and mixed requests (gRPC and JSON) at a fixed rate."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  tidewatch bench control --alerts 10000000 --data /var/tmp/bench > control-api.json",
      "  tidewatch bench control --alerts 10000000 --data /var/tmp/bench --rate 250   # the same alerts again"
    })
final class BenchControlCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin RuleSelection rules;

  @Option(
      names = "--alerts",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Alerts of 90 days, five tenants. Default: ${DEFAULT-VALUE}.")
  long alerts;

  @Option(
      names = "--triaged",
      defaultValue = "-1",
      paramLabel = "N",
      description =
          "How many have a verdict or assignee. Default: one in a hundred, at least 1000.")
  long triaged;

  @Option(
      names = "--rounds",
      defaultValue = "20",
      paramLabel = "N",
      description = "Of each search. Default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--rate",
      defaultValue = "500",
      paramLabel = "N",
      description = "Mixed requests a second. Default: ${DEFAULT-VALUE}.")
  int rate;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "N",
      description = "How long; 0 measures searches only. Default: ${DEFAULT-VALUE}.")
  int seconds;

  @Option(
      names = "--clickhouse-memory",
      defaultValue = "4096",
      paramLabel = "MB",
      description = "What ClickHouse may take. Default: ${DEFAULT-VALUE}.")
  long clickHouseMegabytes;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the data here, and use what is here. Default: a temporary directory.")
  @Nullable Path data;

  @Override
  public Integer call() throws Exception {
    if (alerts < 100 || rounds < 1 || rate < 1 || seconds < 0 || clickHouseMegabytes < 512) {
      throw new CommandFailedException(
          Tidewatch.USAGE,
          "--alerts: at least 100; --rounds, --rate: at least 1; --clickhouse-memory: at least 512");
    }
    Path directory = data;
    if (directory == null) {
      directory = Files.createTempDirectory("tidewatch-bench");
      Shutdown.deleteAtEnd(directory);
    } else {
      Files.createDirectories(directory);
    }
    PrintWriter err = spec.commandLine().getErr();
    long said = triaged >= 0 ? triaged : Math.max(Math.min(alerts, 1_000), alerts / 100);
    ControlBenchmark benchmark =
        new ControlBenchmark(
            new ControlBenchmark.Settings(
                alerts,
                said,
                rounds,
                rate,
                seconds,
                clickHouseMegabytes << 20,
                new SigmaCompiler().compile(RuleDirectory.read(rules.paths()))),
            line -> {
              err.println(line);
              err.flush();
            });
    spec.commandLine().getOut().println(benchmark.run(directory).toPrettyString());
    return Tidewatch.OK;
  }
}

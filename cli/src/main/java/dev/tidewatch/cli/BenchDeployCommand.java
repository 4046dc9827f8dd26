package dev.tidewatch.cli;

import dev.tidewatch.benchmarks.DeployBenchmark;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch bench deploy}: how soon a rule is in force, and what many deployments leave. */
@Command(
    name = "deploy",
    description = {
      "Starts a broker, ClickHouse, PostgreSQL, the detection job and a control API, measures what the",
      "job manages, and deploys rules through the API at half of that. Prints one JSON object:",
      "milliseconds from the call to the last subtask that runs the rule, whole and in parts, and heap,",
      "class metadata and threads before and after."
    },
    footerHeading = "%nExample:%n",
    footer = "  tidewatch bench deploy --rules my-rules/ --corpus recorded-events/ --deploys 1000")
final class BenchDeployCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin RuleSelection rules;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "DIR",
      description = "Directory with recorded events, *.ndjson.")
  Path corpus;

  @Option(
      names = "--deploys",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Default: ${DEFAULT-VALUE}.")
  int deploys;

  @Option(
      names = "--seconds",
      defaultValue = "300",
      paramLabel = "N",
      description = "No other deployment is begun after that. Default: ${DEFAULT-VALUE}.")
  int seconds;

  @Option(
      names = "--events",
      defaultValue = "300000",
      paramLabel = "N",
      description = "Of the backlog that shows what the job manages. Default: ${DEFAULT-VALUE}.")
  int events;

  @Option(
      names = "--parallelism",
      defaultValue = "2",
      paramLabel = "N",
      description = "Of the job. Default: ${DEFAULT-VALUE}.")
  int parallelism;

  @Override
  public Integer call() throws Exception {
    if (deploys < 1 || events < 1 || parallelism < 1 || seconds < 1) {
      throw new CommandFailedException(
          Tidewatch.USAGE, "--deploys, --seconds, --events, --parallelism: at least 1");
    }
    if (!Files.isDirectory(corpus)) {
      throw new CommandFailedException(Tidewatch.USAGE, "--corpus " + corpus + ": no directory");
    }
    Path scratch = Files.createTempDirectory("tidewatch-bench");
    Shutdown.deleteAtEnd(scratch);
    PrintWriter err = spec.commandLine().getErr();
    DeployBenchmark benchmark =
        new DeployBenchmark(
            new DeployBenchmark.Settings(
                corpus, rules.paths(), parallelism, events, deploys, seconds),
            line -> {
              err.println(line);
              err.flush();
            });
    spec.commandLine().getOut().println(benchmark.run(scratch).toPrettyString());
    return Tidewatch.OK;
  }
}

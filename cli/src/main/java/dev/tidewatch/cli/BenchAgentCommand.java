package dev.tidewatch.cli;

import dev.tidewatch.benchmarks.agent.AgentBenchmark;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch bench agent}: what the agent costs, and how many short processes it catches. */
@Command(
    name = "agent",
    description = {
      "Starts a broker, a gateway and the agent, the agent in a process of its own with the flags of its",
      "systemd unit. Then a light load, and then short processes at a rate. Prints one JSON object: start",
      "events that reached Kafka, the agent's CPU and memory, drops, depth of its spool. As root, or the",
      "process connector is not permitted."
    },
    footerHeading = "%nExample:%n",
    footer = "  tidewatch bench agent --execs 1000/s --seconds 30 --light-seconds 300")
final class BenchAgentCommand implements Callable<Integer> {
  private static final String UNIT = "agent/src/main/packaging/tidewatch-agent.service";

  @Spec CommandSpec spec;

  @Option(
      names = "--execs",
      defaultValue = "1000/s",
      converter = Rate.Converter.class,
      paramLabel = "RATE",
      description = "Short processes. Default: ${DEFAULT-VALUE}.")
  Rate execs = Rate.UNLIMITED;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      paramLabel = "N",
      description = "Of that. Default: ${DEFAULT-VALUE}.")
  int seconds;

  @Option(
      names = "--threads",
      defaultValue = "4",
      paramLabel = "N",
      description = "That start processes. Default: ${DEFAULT-VALUE}.")
  int threads;

  @Option(
      names = "--light-execs",
      defaultValue = "16/s",
      converter = Rate.Converter.class,
      paramLabel = "RATE",
      description = "Short processes before that. Default: ${DEFAULT-VALUE}.")
  Rate lightExecs = Rate.UNLIMITED;

  @Option(
      names = "--light-seconds",
      defaultValue = "30",
      paramLabel = "N",
      description = "Of that; 0: none. Default: ${DEFAULT-VALUE}.")
  int lightSeconds;

  @Option(
      names = "--agent-jar",
      paramLabel = "FILE",
      description = "The agent's standalone jar. Default: its classes here.")
  @Nullable Path jar;

  @Option(
      names = "--agent-config",
      paramLabel = "FILE",
      description = "Settings of the agent. Default: its own.")
  @Nullable Path configuration;

  @Override
  public Integer call() throws Exception {
    if (seconds < 1 || threads < 1 || lightSeconds < 0) {
      throw new CommandFailedException(Tidewatch.USAGE, "--seconds, --threads: at least 1");
    }
    Path unit = Installation.home().resolve(UNIT);
    if (!Files.isRegularFile(unit)) {
      throw new CommandFailedException("the agent's unit is not at " + unit);
    }
    Path scratch = Files.createTempDirectory("tidewatch-bench");
    Shutdown.deleteAtEnd(scratch);
    PrintWriter err = spec.commandLine().getErr();
    AgentBenchmark benchmark =
        new AgentBenchmark(
            new AgentBenchmark.Settings(
                execs.perSecond(),
                seconds,
                threads,
                lightExecs.perSecond(),
                lightSeconds,
                unit,
                jar == null ? "" : jar.toString(),
                configuration == null ? "" : Files.readString(configuration)),
            line -> {
              err.println(line);
              err.flush();
            });
    spec.commandLine().getOut().println(benchmark.run(scratch).toPrettyString());
    return Tidewatch.OK;
  }
}

package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.tidewatch.benchmarks.chaos.ChaosOptions;
import dev.tidewatch.benchmarks.chaos.ChaosReport;
import dev.tidewatch.benchmarks.chaos.ChaosRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidewatch chaos}: kill -9 under load, and every alert still there once. */
@Command(
    name = "chaos",
    description = {
      "Runs the job on processes of its own (JobManager, TaskManagers, Kafka, ClickHouse), kills them one after"
          + " another with kill -9 under load, and compares the alerts with those of a run without faults.",
      "Needs about 4 GB of memory. Prints the figures as JSON; exits with 1 when an alert was lost, doubled or miscounted."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch chaos --minutes 5",
      "  tidewatch chaos --minutes 2 --rate 4000 --state-backend rocksdb --seed 7 --keep"
    })
final class ChaosCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = {"-m", "--minutes"},
      defaultValue = "5",
      paramLabel = "N",
      description = "How long to load and kill. Default: 5.")
  double minutes;

  @Option(
      names = "--rate",
      defaultValue = "2000",
      paramLabel = "EVENTS",
      description = "Events per second. Default: 2000.")
  int rate;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of the events and of the order of the kills. Default: 1.")
  long seed;

  @Option(
      names = "--state-backend",
      defaultValue = "hashmap",
      paramLabel = "NAME",
      description = "hashmap (default) or rocksdb.")
  String stateBackend;

  @Option(names = "--keep", description = "Keep data and logs, and say where they are.")
  boolean keep;

  @Override
  public Integer call() throws IOException {
    requireSane();
    PrintWriter err = spec.commandLine().getErr();
    Path directory = Files.createTempDirectory("tidewatch-chaos");
    @Nullable ChaosReport report = null;
    try {
      ChaosOptions options =
          new ChaosOptions(
              directory, Duration.ofMillis(Math.round(minutes * 60_000)), rate, seed, stateBackend);
      report = new ChaosRun(options, line -> say(err, line)).run();
      print(report);
      return report.isExact() ? Tidewatch.OK : Tidewatch.NO;
    } catch (IllegalStateException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    } finally {
      leave(directory, keep || report == null || !report.isExact(), err);
    }
  }

  private void requireSane() {
    if (!(minutes > 0 && minutes <= 24 * 60)) {
      throw usage("--minutes must be above 0 and at most 1440");
    }
    if (rate < 1 || rate > 100_000) {
      throw usage("--rate must be between 1 and 100000");
    }
    if (!stateBackend.equals("hashmap") && !stateBackend.equals("rocksdb")) {
      throw usage("--state-backend must be hashmap or rocksdb, not '" + stateBackend + "'");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static void say(PrintWriter err, String line) {
    err.printf("%s %s%n", LocalTime.now().truncatedTo(ChronoUnit.SECONDS), line);
    err.flush();
  }

  private void print(ChaosReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(report));
    out.flush();
  }

  private static void leave(Path directory, boolean keep, PrintWriter err) {
    if (keep) {
      say(err, "data and logs are in " + directory);
    } else {
      FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
  }
}

package dev.tidewatch.cli;

import dev.tidewatch.cli.demo.DemoScenario;
import dev.tidewatch.store.ClickHouseStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch demo}: {@code up} plus a bundled attack inside background noise. */
@Command(
    name = "demo",
    description = {
      "Runs everything and plays a bundled attack in real time, five minutes: a foothold, discovery,",
      "credential access and exfiltration across a Windows host, a Linux host and an AWS account."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch demo          watch it in the console; Ctrl-C ends it",
      "  tidewatch demo --once   play it at once, check the alerts, exit 0 or 1"
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration SETTLE = Duration.ofSeconds(120);

  @Spec CommandSpec spec;
  @Mixin Ports ports;

  @Option(
      names = "--once",
      description = {
        "Play the attack at once, print the alerts, check them against the expected list, stop.",
        "Takes free ports and a data directory of its own."
      })
  boolean once;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "Where data is kept; emptied at the start. Default: ~/.local/share/tidewatch/demo,",
        "with --once a temporary directory."
      })
  Path data;

  @Override
  public Integer call() throws IOException, InterruptedException {
    DemoScenario scenario = DemoScenario.load();
    return once ? playOnce(scenario) : playLive(scenario);
  }

  private int playOnce(DemoScenario scenario) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Steps steps = new Steps(spec.commandLine().getErr(), Tidewatch.colours());
    Path directory = data == null ? Files.createTempDirectory("tidewatch-demo") : emptied(data);
    Shutdown.deleteAtEnd(data == null ? directory : null);
    try (LocalStack stack = LocalStack.start(directory, starter(), Ports.free(), steps)) {
      long start = System.nanoTime();
      Instant begin = Instant.now().minus(scenario.length());
      try (TelemetrySender sender = new TelemetrySender(stack.running().kafka(), "default")) {
        int sent = new DemoPlayer(scenario, sender).playAt(begin, Rate.UNLIMITED);
        steps.done("Scenario", sent + " events sent", start);
        try (ClickHouseStore store = ClickHouseStore.connect(stack.endpoint())) {
          DemoAlerts alerts = new DemoAlerts(store, scenario);
          boolean settled = alerts.await(sent, SETTLE);
          steps.done("Alerts", alerts.found().size() + " in ClickHouse", start);
          alerts.print(out);
          return alerts.report(out, settled) ? Tidewatch.OK : Tidewatch.NO;
        }
      }
    }
  }

  private int playLive(DemoScenario scenario) throws IOException, InterruptedException {
    Steps steps = new Steps(spec.commandLine().getOut(), Tidewatch.colours());
    Path directory = emptied(data == null ? Installation.defaultData().resolve("demo") : data);
    CountDownLatch stop = new CountDownLatch(1);
    try (LocalStack stack = LocalStack.start(directory, starter(), ports, steps)) {
      UpCommand.sayReady(stack, steps);
      Shutdown.onSignal(stop);
      Thread player = player(scenario, stack, steps);
      player.start();
      stack.awaitStop(stop);
      player.interrupt();
      player.join();
      steps.say("Stopping ...");
    } finally {
      Shutdown.finished();
    }
    return Tidewatch.OK;
  }

  private static Thread player(DemoScenario scenario, LocalStack stack, Steps steps) {
    return new Thread(
        () -> {
          steps.say("The attack plays over the next five minutes; alerts arrive in the console.");
          try (TelemetrySender sender = new TelemetrySender(stack.running().kafka(), "default")) {
            int sent = new DemoPlayer(scenario, sender).playLive(Instant.now());
            steps.say(sent + " events played. Everything goes on until Ctrl-C.");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "demo");
  }

  private static List<Path> starter() {
    return List.of(Installation.starterRules());
  }

  /**
   * A demo begins without alerts of an earlier one; a directory that is no demo's stays as it is.
   */
  private static Path emptied(Path directory) throws IOException {
    Path mark = directory.resolve(".tidewatch-demo");
    if (Files.isDirectory(directory)) {
      boolean ours = Files.exists(mark);
      if (!ours && !Shutdown.isEmpty(directory)) {
        throw new CommandFailedException(
            Tidewatch.USAGE,
            "--data " + directory + " holds something that is no demo's; name another");
      }
      if (RunningStack.find(directory).isPresent()) {
        throw new CommandFailedException(
            "a demo runs on " + directory + " already; stop it or name another --data");
      }
      Shutdown.deleteRecursively(directory);
    }
    Files.createDirectories(directory);
    Files.createFile(mark);
    return directory;
  }
}

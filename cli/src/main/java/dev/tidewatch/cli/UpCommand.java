package dev.tidewatch.cli;

import dev.tidewatch.control.LocalOperator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewatch up}: everything on this machine, on loopback, until Ctrl-C. */
@Command(
    name = "up",
    description =
        "Runs everything on this machine, on loopback, until Ctrl-C. Data survives a restart.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch up",
      "  tidewatch up --rules starter my-rules/ --data /srv/tidewatch",
      "  tidewatch up --port 9000 --clickhouse-port 18123"
    })
final class UpCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin RuleSelection rules;
  @Mixin Ports ports;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data is kept. Default: $$TIDEWATCH_DATA, else ~/.local/share/tidewatch.")
  Path data = Installation.defaultData();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Steps steps = new Steps(spec.commandLine().getOut(), Tidewatch.colours());
    CountDownLatch stopped = new CountDownLatch(1);
    try (LocalStack stack = LocalStack.start(data, rules.paths(), ports, steps)) {
      sayReady(stack, steps);
      Shutdown.onSignal(stopped);
      stack.awaitStop(stopped);
      steps.say("Stopping ...");
    } finally {
      Shutdown.finished();
    }
    return Tidewatch.OK;
  }

  /** The URLs, and then the line that scripts wait for. */
  static void sayReady(LocalStack stack, Steps steps) throws IOException, InterruptedException {
    RunningStack running = stack.running();
    steps.say("");
    steps.say("  Console     " + running.console());
    steps.say("  Flink UI    " + running.flink());
    steps.say("  Kafka       " + running.kafka());
    steps.say("  ClickHouse  " + running.clickhouse() + "  (database tidewatch)");
    GatewayParts.say(stack.gateway(), stack.data(), steps);
    steps.say("  Data, logs  " + stack.data());
    stack
        .operatorPassword()
        .ifPresent(
            password -> {
              steps.say("");
              steps.say("  Sign in as  " + LocalOperator.NAME + "  with  " + password);
              steps.say(
                  "              The password is shown once; for commands there is operator.key in the data directory.");
            });
    steps.say("");
    steps.say("Tidewatch is ready. Stop with Ctrl-C.");
  }
}

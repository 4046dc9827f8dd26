package dev.tidewatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidewatch bench}: how fast it is here. */
@Command(
    name = "bench",
    description = "Measures speed on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchMatchCommand.class,
      BenchIngestCommand.class,
      BenchDeployCommand.class,
      BenchAgentCommand.class,
      BenchControlCommand.class
    })
final class BenchCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command, e.g. `tidewatch bench match --events FILE`");
  }
}

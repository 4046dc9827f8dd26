package dev.tidewatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidewatch rules}: what can be done with rule files. */
@Command(
    name = "rules",
    description = "Checks, tests, lists and deploys Sigma rules.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RulesCheckCommand.class,
      RulesTestCommand.class,
      RulesLintCommand.class,
      RulesListCommand.class,
      RulesDeployCommand.class,
      RulesSyncCommand.class,
      RulesImportCommand.class,
      RulesExportCommand.class,
      RulesStatusCommand.class,
      RulesHistoryCommand.class,
      RulesDiffCommand.class,
      RulesRollbackCommand.class,
      RulesRetireCommand.class
    })
final class RulesCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command, e.g. `tidewatch rules check PATH`");
  }
}

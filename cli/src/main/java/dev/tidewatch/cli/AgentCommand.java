package dev.tidewatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidewatch agent}: watches the machine it runs on. */
@Command(
    name = "agent",
    description = "Watches this machine and streams what it sees to a gateway.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AgentRunCommand.class,
      AgentEnrollCommand.class,
      AgentStatusCommand.class,
      AgentTestCommand.class,
      AgentReleaseCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  tidewatch agent run --local          this machine, into the tidewatch up that runs here",
      "  tidewatch agent enroll --gateway gw.example.com:7443 --token tw1....",
      "  tidewatch agent status"
    })
final class AgentCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}

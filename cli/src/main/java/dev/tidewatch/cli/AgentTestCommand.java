package dev.tidewatch.cli;

import dev.tidewatch.agent.AgentRun;
import dev.tidewatch.agent.config.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidewatch agent test}. */
@Command(
    name = "test",
    description = "Checks the agent's configuration and what it can see here; sends nothing.")
final class AgentTestCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin AgentPlace place;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      AgentRun run = new AgentRun(place.files());
      run.test().forEach((name, state) -> out.printf("%-10s %s%n", name, state));
      out.println(run.identity().map(i -> "enrolled   " + i).orElse("not enrolled"));
      return Tidewatch.OK;
    } catch (ConfigurationException | IOException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }
}

package dev.tidewatch.cli;

import dev.tidewatch.agent.AgentFiles;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the agent keeps its files. */
final class AgentPlace {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "The agent's own directory. Default: ${DEFAULT-VALUE}")
  Path state = AgentFiles.INSTALLED.state();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Its configuration; need not exist. Default: ${DEFAULT-VALUE}")
  Path config = AgentFiles.INSTALLED.configuration();

  AgentFiles files() {
    return new AgentFiles(state, config);
  }
}

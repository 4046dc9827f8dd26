package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.agent.AgentMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The agent as a process of its own, with the flags of its systemd unit. */
final class AgentProcess implements AutoCloseable {
  private final Process process;
  private final Path state;

  private AgentProcess(Process process, Path state) {
    this.process = process;
    this.state = state;
  }

  static AgentProcess start(Path state, Path configuration) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx24m", "-Xss256k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), AgentMain.class.getName(), "run"));
    command.addAll(List.of("--state", state.toString(), "--config", configuration.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Path log = state.resolveSibling(state.getFileName() + ".log");
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new AgentProcess(builder.start(), state);
  }

  /** What it says about itself; a missing node before its first word. */
  JsonNode status() throws IOException {
    Path file = state.resolve("status.json");
    if (!Files.exists(file)) {
      return new ObjectMapper().missingNode();
    }
    return new ObjectMapper().readTree(file.toFile());
  }

  long pid() {
    return process.pid();
  }

  String log() throws IOException {
    return Files.readString(state.resolveSibling(state.getFileName() + ".log"));
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}

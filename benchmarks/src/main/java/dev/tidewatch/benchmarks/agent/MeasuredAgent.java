package dev.tidewatch.benchmarks.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidewatch.agent.AgentMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The agent in a process of its own, with the flags and variables of its systemd unit. */
final class MeasuredAgent implements AutoCloseable {
  /** What a class path of everything has to keep for the agent, as its standalone jar does. */
  private static final Pattern NEEDED =
      Pattern.compile(
          "(agent|events|grpc-(api|core|stub|okhttp|protobuf|protobuf-lite|context|util)|okio|okio-jvm"
              + "|kotlin-stdlib|guava|failureaccess|protobuf-java|zstd-jni|jna|jna-platform|oshi-core"
              + "|oshi-common|commons-(compress|codec|io|lang3)|jackson-core|perfmark-api|slf4j-api"
              + "|uuid-creator|jspecify)-[0-9].*\\.jar");

  /** Of the unit, for its launcher. */
  private static final String FLAGS = "TIDEWATCH_AGENT_FLAGS=";

  private final Process process;
  private final Path state;
  private final Path log;

  private MeasuredAgent(Process process, Path state, Path log) {
    this.process = process;
    this.state = state;
    this.log = log;
  }

  /**
   * @param unit the systemd unit, whose flags count
   * @param jar the agent's standalone jar; empty: what is needed of this class path
   */
  static MeasuredAgent start(Path unit, String jar, Path state, Path configuration)
      throws IOException {
    List<String> lines = Files.readAllLines(unit);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    lines.stream()
        .filter(line -> line.contains(FLAGS))
        .map(line -> line.substring(line.indexOf(FLAGS) + FLAGS.length()).replace("\"", ""))
        .flatMap(flags -> Arrays.stream(flags.strip().split(" ", -1)))
        .forEach(command::add);
    command.addAll(List.of("-cp", jar.isEmpty() ? classPath() : jar));
    command.addAll(List.of(AgentMain.class.getName(), "run", "--state", state.toString()));
    command.addAll(List.of("--config", configuration.toString()));
    Path log = state.resolveSibling("agent.log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    for (String line : lines) {
      if (line.startsWith("Environment=") && !line.contains("\"")) {
        String[] variable = line.substring("Environment=".length()).split("=", 2);
        builder.environment().put(variable[0], variable[1]);
      }
    }
    return new MeasuredAgent(builder.start(), state, log);
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(
            entry ->
                Files.isDirectory(Path.of(entry))
                    || NEEDED.matcher(Path.of(entry).getFileName().toString()).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What it says about itself; a missing node before its first word. */
  JsonNode status() throws IOException {
    Path file = state.resolve("status.json");
    return Files.exists(file)
        ? new ObjectMapper().readTree(file.toFile())
        : MissingNode.getInstance();
  }

  void awaitConnection(Duration atMost) throws IOException, InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    while (!status().path("connected").asBoolean()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IOException("the agent does not connect: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** Resident memory in MiB. */
  double residentMegabytes() throws IOException {
    return kilobytes("smaps_rollup", "Rss:") / 1024.0;
  }

  /** Of it what no other process shares, in MiB: other Java processes map the same libraries. */
  double privateMegabytes() throws IOException {
    return (kilobytes("smaps_rollup", "Private_Clean:")
            + kilobytes("smaps_rollup", "Private_Dirty:"))
        / 1024.0;
  }

  private long kilobytes(String file, String label) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", process.pid() + "", file))) {
      if (line.startsWith(label)) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("the agent has ended: " + Files.readString(log));
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code tidewatch gateway} as a process of its own. */
final class GatewayProcess implements AutoCloseable {
  private static final long START_SECONDS = 300;
  private final Process process;
  private final Path directory;
  private final Path log;

  private GatewayProcess(Process process, Path directory, Path log) {
    this.process = process;
    this.directory = directory;
    this.log = log;
  }

  /** Starts it and waits until it is ready. */
  static GatewayProcess start(Path directory, String kafka, int port, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:TieredStopAtLevel=1"));
    command.add("-Dtidewatch.home=" + Installation.home());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Tidewatch.class.getName()));
    command.addAll(List.of("gateway", "--kafka", kafka, "--directory", directory.toString()));
    command.addAll(List.of("--gateway-port", "" + port, "--gateway-local-port", "0"));
    command.addAll(List.of(more));
    Path log = directory.resolveSibling(directory.getFileName() + ".log");
    // What an earlier one left would pass for this one's.
    Files.deleteIfExists(directory.resolve("gateway.json"));
    Files.deleteIfExists(log);
    GatewayProcess gateway =
        new GatewayProcess(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start(),
            directory,
            log);
    gateway.awaitReady();
    return gateway;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!log().contains("The gateway is ready")) {
      assertThat(process.isAlive()).as("the gateway ended: %s", log()).isTrue();
      assertThat(System.nanoTime()).as("not ready in time: %s", log()).isLessThan(deadline);
      boolean unused = process.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** A token of a gateway that runs alone. */
  String mintToken(String tenant) throws IOException, InterruptedException {
    return GatewayAdmin.find(directory)
        .ask("tokens", "{\"tenant\":\"" + tenant + "\"}")
        .path("token")
        .asText();
  }

  /** SIGTERM; the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(-1);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}

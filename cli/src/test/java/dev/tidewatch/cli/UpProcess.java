package dev.tidewatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewatch.control.LocalOperator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code tidewatch up} as a process of its own, on free ports. */
final class UpProcess implements AutoCloseable {
  private static final long START_SECONDS = 300;

  private final Process process;
  private final Path data;
  private final StringBuffer output = new StringBuffer();
  private final Thread reader;

  private UpProcess(Process process, Path data) {
    this.process = process;
    this.data = data;
    reader = new Thread(this::read, "up output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it; does not wait. */
  static UpProcess start(Path data, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx768m", "-XX:TieredStopAtLevel=1"));
    for (String opened : List.of("lang", "util", "nio", "time")) {
      command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
    }
    command.add("-Dtidewatch.home=" + Installation.home());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Tidewatch.class.getName()));
    command.addAll(List.of("up", "--data", data.toString()));
    command.addAll(List.of(more));
    for (String port :
        List.of(
            "--port",
            "--kafka-port",
            "--clickhouse-port",
            "--flink-port",
            "--gateway-port",
            "--gateway-local-port",
            "--syslog-port")) {
      if (!command.contains(port)) {
        command.addAll(List.of(port, "0"));
      }
    }
    return new UpProcess(new ProcessBuilder(command).redirectErrorStream(true).start(), data);
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
      }
    } catch (IOException e) {
      output.append(e);
    }
  }

  /** Waits for the line with the word ready. */
  RunningStack ready() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!output.toString().contains("is ready")) {
      assertThat(process.isAlive()).as("up ended: %s", output).isTrue();
      assertThat(System.nanoTime()).as("not ready in time: %s", output).isLessThan(deadline);
      boolean unused = process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    return RunningStack.find(data).orElseThrow();
  }

  /** Waits for its end and returns the exit code. */
  int exit() throws InterruptedException {
    assertThat(process.waitFor(START_SECONDS, TimeUnit.SECONDS))
        .as("up does not end: %s", output)
        .isTrue();
    reader.join();
    return process.exitValue();
  }

  String output() {
    return output.toString();
  }

  /** SIGTERM, as Ctrl-C does. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** One value from ClickHouse's database {@code tidewatch}. */
  static String query(RunningStack stack, String sql) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(stack.clickhouse() + "/?database=tidewatch"))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build())
        .strip();
  }

  /** JSON from the control API, with the key that {@code up} leaves in its data directory. */
  JsonNode get(RunningStack stack, String path) throws IOException, InterruptedException {
    String key = LocalOperator.key(data).orElseThrow();
    String text =
        send(
            HttpRequest.newBuilder(URI.create(stack.console()).resolve(path))
                .header("authorization", "Bearer " + key)
                .build());
    return new ObjectMapper().readTree(text);
  }

  /** The status that the control API answers a caller with who shows nothing. */
  static int statusWithoutKey(RunningStack stack, String path)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(stack.console()).resolve(path)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}

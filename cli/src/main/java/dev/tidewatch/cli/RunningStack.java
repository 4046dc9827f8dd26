package dev.tidewatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where a running {@code up} listens; written to {@code running.json} in its data directory so that
 * other commands find it.
 *
 * @param pid process of the {@code up}
 * @param console URL of the console and the control API
 * @param kafka bootstrap servers
 * @param clickhouse HTTP endpoint
 * @param flink URL of Flink's web UI
 * @param gateway host:port of the gateway's TLS port
 * @param gatewayLocal URL of the gateway's port without TLS
 */
record RunningStack(
    long pid,
    String console,
    String kafka,
    String clickhouse,
    String flink,
    String gateway,
    String gatewayLocal) {
  private static final String FILE = "running.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  void save(Path data) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("pid", pid).put("console", console).put("kafka", kafka);
    node.put("clickhouse", clickhouse).put("flink", flink);
    node.put("gateway", gateway).put("gatewayLocal", gatewayLocal);
    Path temporary = data.resolve(FILE + ".new");
    Files.write(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node));
    Files.move(
        temporary,
        data.resolve(FILE),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  static void forget(Path data) throws IOException {
    Files.deleteIfExists(data.resolve(FILE));
  }

  /**
   * The stack that runs on {@code data}; empty when none does or the process that wrote the file is
   * gone.
   */
  static Optional<RunningStack> find(Path data) throws IOException {
    Path file = data.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonNode node = JSON.readTree(Files.readAllBytes(file));
    RunningStack stack =
        new RunningStack(
            node.path("pid").asLong(),
            node.path("console").asText(),
            node.path("kafka").asText(),
            node.path("clickhouse").asText(),
            node.path("flink").asText(),
            node.path("gateway").asText(),
            node.path("gatewayLocal").asText());
    return ProcessHandle.of(stack.pid).map(ProcessHandle::isAlive).orElse(false)
        ? Optional.of(stack)
        : Optional.empty();
  }
}

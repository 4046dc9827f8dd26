package dev.tidewatch.embedded.clickhouse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the ClickHouse process is told at start. The password travels in the environment, not on the
 * command line, where others could read it.
 *
 * @param dataDirectory the engine's data, its log and its lock
 * @param library libchdb.so
 * @param port on 127.0.0.1; 0 = a free one
 * @param maxMemoryBytes for all running queries together
 * @param maxConcurrentQueries further ones wait, then fail with code 202
 * @param maxRequestBytes largest request body after decompression
 */
public record ServerSettings(
    Path dataDirectory,
    Path library,
    int port,
    String user,
    String password,
    long maxMemoryBytes,
    int maxConcurrentQueries,
    long maxRequestBytes) {
  /** Environment variable of the child that carries the password. */
  public static final String PASSWORD_VARIABLE = "TIDEWATCH_CLICKHOUSE_PASSWORD";

  /** Command line of {@link ClickHouseServerMain}. */
  public List<String> toArguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("--data=" + dataDirectory);
    arguments.add("--library=" + library);
    arguments.add("--port=" + port);
    arguments.add("--user=" + user);
    arguments.add("--max-memory-bytes=" + maxMemoryBytes);
    arguments.add("--max-concurrent-queries=" + maxConcurrentQueries);
    arguments.add("--max-request-bytes=" + maxRequestBytes);
    return arguments;
  }

  static ServerSettings parse(String[] arguments, String password) {
    Map<String, String> values = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw new IllegalArgumentException("not an option: " + argument);
      }
      values.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    ServerSettings settings =
        new ServerSettings(
            Path.of(take(values, "data")),
            Path.of(take(values, "library")),
            Integer.parseInt(take(values, "port")),
            take(values, "user"),
            password,
            Long.parseLong(take(values, "max-memory-bytes")),
            Integer.parseInt(take(values, "max-concurrent-queries")),
            Long.parseLong(take(values, "max-request-bytes")));
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("unknown options: " + values.keySet());
    }
    return settings;
  }

  private static String take(Map<String, String> values, String name) {
    String value = values.remove(name);
    if (value == null) {
      throw new IllegalArgumentException("missing option --" + name);
    }
    return value;
  }
}

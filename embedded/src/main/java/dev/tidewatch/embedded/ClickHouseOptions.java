package dev.tidewatch.embedded;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedClickHouse} runs.
 *
 * @param dataDirectory kept between starts; created where missing; also holds {@code
 *     clickhouse.log}
 * @param port HTTP port on 127.0.0.1; 0 = a free one
 * @param user the one user there is
 * @param password empty = none
 * @param maxMemoryBytes for all running queries together; above it queries fail with code 241
 * @param maxConcurrentQueries further ones wait up to 30 s, then fail with code 202
 * @param maxRequestBytes largest request body, decompressed; above it code 256
 * @param library libchdb.so, or null to look for it (and fetch it once)
 * @param progress gets lines for the terminal while the library is fetched
 */
public record ClickHouseOptions(
    Path dataDirectory,
    int port,
    String user,
    String password,
    long maxMemoryBytes,
    int maxConcurrentQueries,
    long maxRequestBytes,
    @Nullable Path library,
    Consumer<String> progress) {
  /** Keeps the whole process below 900 MB. */
  public static final long DEFAULT_MAX_MEMORY_BYTES = 448L << 20;

  public static final int DEFAULT_MAX_CONCURRENT_QUERIES = 16;
  public static final long DEFAULT_MAX_REQUEST_BYTES = 1L << 30;

  public ClickHouseOptions {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
    if (maxMemoryBytes < 64L << 20) {
      throw new IllegalArgumentException("maxMemoryBytes " + maxMemoryBytes + " is below 64 MiB");
    }
    if (maxConcurrentQueries < 1) {
      throw new IllegalArgumentException("maxConcurrentQueries must be at least 1");
    }
    if (maxRequestBytes < 1) {
      throw new IllegalArgumentException("maxRequestBytes must be at least 1");
    }
  }

  /** User {@code default} without password, as a fresh ClickHouse server. */
  public static ClickHouseOptions of(Path dataDirectory) {
    return new ClickHouseOptions(
        dataDirectory,
        0,
        "default",
        "",
        DEFAULT_MAX_MEMORY_BYTES,
        DEFAULT_MAX_CONCURRENT_QUERIES,
        DEFAULT_MAX_REQUEST_BYTES,
        null,
        line -> {});
  }

  public ClickHouseOptions withPort(int newPort) {
    return new ClickHouseOptions(
        dataDirectory,
        newPort,
        user,
        password,
        maxMemoryBytes,
        maxConcurrentQueries,
        maxRequestBytes,
        library,
        progress);
  }

  public ClickHouseOptions withCredentials(String newUser, String newPassword) {
    return new ClickHouseOptions(
        dataDirectory,
        port,
        newUser,
        newPassword,
        maxMemoryBytes,
        maxConcurrentQueries,
        maxRequestBytes,
        library,
        progress);
  }

  public ClickHouseOptions withMaxMemoryBytes(long bytes) {
    return new ClickHouseOptions(
        dataDirectory,
        port,
        user,
        password,
        bytes,
        maxConcurrentQueries,
        maxRequestBytes,
        library,
        progress);
  }

  public ClickHouseOptions withLimits(int concurrentQueries, long requestBytes) {
    return new ClickHouseOptions(
        dataDirectory,
        port,
        user,
        password,
        maxMemoryBytes,
        concurrentQueries,
        requestBytes,
        library,
        progress);
  }

  public ClickHouseOptions withProgress(Consumer<String> newProgress) {
    return new ClickHouseOptions(
        dataDirectory,
        port,
        user,
        password,
        maxMemoryBytes,
        maxConcurrentQueries,
        maxRequestBytes,
        library,
        newProgress);
  }
}

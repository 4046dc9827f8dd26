package dev.tidewatch.embedded;

import dev.tidewatch.embedded.clickhouse.ClickHouseLibrary;
import dev.tidewatch.embedded.clickhouse.ServerSettings;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A real ClickHouse engine in a process of its own, behind ClickHouse's HTTP protocol on loopback.
 *
 * <p>Port and data survive {@link #stop()}, {@link #kill()} and {@link #start()}, so clients see a
 * server that went away and came back. The process ends with this JVM, however that ends.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
  private final ClickHouseOptions options;
  private final Path library;
  private final int port;
  private @Nullable ClickHouseProcess process;

  private EmbeddedClickHouse(ClickHouseOptions options, Path library) {
    this.options = options;
    this.library = library;
    this.port = options.port() == 0 ? LoopbackPort.free() : options.port();
  }

  /**
   * Starts a server and returns when it answers (about 1 s; the very first start on a machine
   * downloads the engine).
   *
   * @param port HTTP port on 127.0.0.1; 0 = a free one
   * @throws EmbeddedServerException when the directory is in use, the port is taken, or the engine
   *     cannot be had or started
   */
  public static EmbeddedClickHouse start(Path dataDirectory, int port) {
    return start(ClickHouseOptions.of(dataDirectory).withPort(port));
  }

  /** As {@link #start(Path, int)}, with all options. */
  public static EmbeddedClickHouse start(ClickHouseOptions options) {
    Path library = options.library();
    EmbeddedClickHouse server =
        new EmbeddedClickHouse(
            options, library != null ? library : ClickHouseLibrary.locate(options.progress()));
    server.start();
    return server;
  }

  /** Starts again after stop, kill or crash, on the same port and data. No-op while alive. */
  public synchronized void start() {
    if (isAlive()) {
      return;
    }
    ServerSettings settings =
        new ServerSettings(
            options.dataDirectory().toAbsolutePath(),
            library,
            port,
            options.user(),
            options.password(),
            options.maxMemoryBytes(),
            options.maxConcurrentQueries(),
            options.maxRequestBytes());
    process = ClickHouseProcess.launch(settings, logFile());
  }

  /** Stops it where it runs, then starts it. */
  public synchronized void restart() {
    stop();
    start();
  }

  /** Ends the process cleanly: running queries get 10 s. No-op when it is gone. */
  public synchronized void stop() {
    if (process != null) {
      process.stop();
    }
  }

  /** Ends the process like {@code kill -9}. For fault tests. */
  public synchronized void kill() {
    if (process != null) {
      process.kill();
    }
  }

  /** False after stop, kill, or a crash. */
  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /**
   * Completes with the exit status when the process that runs now ends, for whatever reason.
   *
   * @throws IllegalStateException before the first start
   */
  public synchronized CompletableFuture<Integer> onExit() {
    return running().onExit();
  }

  /** The process that runs now, or ran last. */
  public synchronized long pid() {
    return running().pid();
  }

  private ClickHouseProcess running() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  /** {@code http://127.0.0.1:port}. */
  public String url() {
    return "http://" + LoopbackPort.HOST + ":" + port;
  }

  /** For clickhouse-jdbc, database {@code default}. */
  public String jdbcUrl() {
    return "jdbc:clickhouse:" + url();
  }

  public int port() {
    return port;
  }

  public String user() {
    return options.user();
  }

  public String password() {
    return options.password();
  }

  public Path dataDirectory() {
    return options.dataDirectory();
  }

  /** What the process said, across starts. */
  public Path logFile() {
    return options.dataDirectory().toAbsolutePath().resolve("clickhouse.log");
  }

  @Override
  public void close() {
    stop();
  }
}

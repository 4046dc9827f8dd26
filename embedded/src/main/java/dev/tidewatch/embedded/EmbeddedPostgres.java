package dev.tidewatch.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres.Builder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL in processes of its own, from the binaries on the classpath, on loopback. Its
 * superuser {@code postgres} has a generated password, in the file {@code password} of the data
 * directory.
 *
 * <p>Port and data survive {@link #stop()} and {@link #start()}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final long ORPHAN_SECONDS = 20;
  private static final String USER = "postgres";

  /**
   * Enough for Tidewatch's control plane on one machine. The library's own defaults trade
   * durability for speed, as tests like it; here a commit is on disk.
   */
  private static final Map<String, String> SERVER_CONFIG =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "shared_buffers", "32MB",
          "max_connections", "50",
          "max_wal_size", "128MB",
          "listen_addresses", LoopbackPort.HOST,
          "timezone", "UTC",
          "log_timezone", "UTC");

  private final Path dataDirectory;
  private final int port;
  private final PostgresPassword password;
  private @Nullable Running running;

  private record Running(
      io.zonky.test.db.postgres.embedded.EmbeddedPostgres server, DataDirectoryLock lock) {}

  private EmbeddedPostgres(Path dataDirectory, int port) {
    this.dataDirectory = dataDirectory;
    this.port = port == 0 ? LoopbackPort.free() : port;
    this.password = new PostgresPassword(dataDirectory, cluster());
  }

  /**
   * Starts a server and returns when it accepts clients (2 to 3 s the first time).
   *
   * @param port on 127.0.0.1; 0 = a free one
   * @throws EmbeddedServerException when the directory is in use, the port is taken, or PostgreSQL
   *     refuses to start
   */
  public static EmbeddedPostgres start(Path dataDirectory, int port) {
    EmbeddedPostgres postgres = new EmbeddedPostgres(dataDirectory, port);
    postgres.start();
    return postgres;
  }

  /** Starts again after {@link #stop()}, on the same port and data. No-op while running. */
  public synchronized void start() {
    if (running != null) {
      return;
    }
    DataDirectoryLock lock = DataDirectoryLock.acquire(dataDirectory, "PostgreSQL");
    try {
      endOrphan();
      LoopbackPort.requireFree(port, "PostgreSQL");
      if (password.isUnknownToCluster()) {
        tellPassword();
      }
      running =
          new Running(
              builder(port).setDataDirectoryCustomizer(c -> password.require()).start(), lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      if (e instanceof EmbeddedServerException known) {
        throw known;
      }
      throw new EmbeddedServerException(
          "PostgreSQL did not start in " + dataDirectory + ": " + e.getMessage(), e);
    }
  }

  /**
   * PostgreSQL outlives a JVM that was killed. Holding the directory's lock we are its only owner,
   * so a server that still runs there is such an orphan.
   */
  private void endOrphan() throws IOException {
    Path pidFile = cluster().resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    String pid = Files.readAllLines(pidFile).stream().findFirst().orElse("").strip();
    Optional<ProcessHandle> orphan =
        pid.matches("\\d{1,9}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    orphan.filter(EmbeddedPostgres::isPostgres).ifPresent(EmbeddedPostgres::end);
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(Path::of)
        .filter(EmbeddedPostgres::isNamedPostgres)
        .isPresent();
  }

  private static boolean isNamedPostgres(Path command) {
    return command.getFileName().toString().equals("postgres");
  }

  private static void end(ProcessHandle orphan) {
    orphan.destroy();
    try {
      orphan.onExit().get(ORPHAN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new EmbeddedServerException(
          "PostgreSQL process " + orphan.pid() + " of a killed run does not end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedServerException("interrupted while PostgreSQL started", e);
    }
  }

  /** On a port that nobody knows, and for a moment only. */
  private void tellPassword() throws IOException {
    String secret = password.read();
    try (var server =
            builder(LoopbackPort.free()).setDataDirectoryCustomizer(c -> password.trust()).start();
        Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + USER + " PASSWORD '" + secret.replace("'", "''") + "'");
    } catch (SQLException e) {
      throw new EmbeddedServerException("cannot set the password of PostgreSQL's superuser", e);
    }
  }

  private Path cluster() {
    return dataDirectory.resolve("cluster");
  }

  private Builder builder(int listen) throws IOException {
    String secret = password.read();
    Builder builder =
        io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
            .setPort(listen)
            .setConnectConfig("password", secret)
            // What the library calls locale are further options of initdb, for a new cluster.
            .setLocaleConfig("auth", "scram-sha-256")
            .setLocaleConfig("pwfile", password.file().toString())
            .setDataDirectory(cluster())
            .setCleanDataDirectory(false)
            .setPGStartupWait(START_TIMEOUT);
    SERVER_CONFIG.forEach(builder::setServerConfig);
    return builder;
  }

  /** Shuts the server down and waits for it. No-op when stopped. */
  public synchronized void stop() {
    Running stopping = running;
    if (stopping == null) {
      return;
    }
    running = null;
    try (DataDirectoryLock lock = stopping.lock()) {
      stopping.server().close();
    } catch (IOException e) {
      throw new EmbeddedServerException("PostgreSQL did not stop: " + e.getMessage(), e);
    }
  }

  public synchronized boolean isAlive() {
    return running != null;
  }

  /** Of the database {@code postgres}, with user and password. */
  public String jdbcUrl() {
    return jdbcUrl("postgres");
  }

  public String jdbcUrl(String database) {
    return urlWithoutUser(database) + "?user=" + USER + "&password=" + password();
  }

  /** Of a database, without user. */
  public String urlWithoutUser(String database) {
    return "jdbc:postgresql://" + LoopbackPort.HOST + ":" + port + "/" + database;
  }

  private String password() {
    try {
      return password.read();
    } catch (IOException e) {
      throw new EmbeddedServerException("cannot read " + password.file(), e);
    }
  }

  public int port() {
    return port;
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  @Override
  public void close() {
    stop();
  }
}

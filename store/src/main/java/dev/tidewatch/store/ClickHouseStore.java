package dev.tidewatch.store;

import java.time.Duration;

/**
 * A connection to one ClickHouse database: migrations, writers and queries. Thread-safe; opened
 * lazily, so that a store can be made while ClickHouse is down.
 */
public final class ClickHouseStore implements AutoCloseable {
  private final Server server;

  private ClickHouseStore(Server server) {
    this.server = server;
  }

  public static ClickHouseStore connect(ClickHouseEndpoint endpoint) {
    return connect(endpoint, StoreOptions.defaults());
  }

  public static ClickHouseStore connect(ClickHouseEndpoint endpoint, StoreOptions options) {
    return new ClickHouseStore(new Server(endpoint, options));
  }

  /**
   * Creates the database and brings its tables up to date. Repeating it, also from several
   * processes at once, is harmless.
   *
   * @throws MigrationRefusedException when a migration that was applied has changed since
   * @throws StoreUnavailableException retry
   */
  public AppliedMigrations migrate() {
    return new Migrator(server, Migration.all()).migrate();
  }

  /**
   * Round trip of a trivial query; the database need not exist.
   *
   * @throws StoreUnavailableException within a few seconds when nothing answers
   */
  public Duration ping() {
    long start = System.nanoTime();
    server.ping();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** A new writer with its own buffer. */
  public EventWriter eventWriter() {
    return new EventWriter(server);
  }

  /** A new writer with its own buffer. */
  public AlertWriter alertWriter() {
    return new AlertWriter(server);
  }

  /** A new writer with its own buffer. */
  public DeadLetterWriter deadLetterWriter() {
    return new DeadLetterWriter(server);
  }

  /** A new writer with its own buffer. */
  public AlertTriageWriter alertTriageWriter() {
    return new AlertTriageWriter(server);
  }

  public AlertQueries alertQueries() {
    return new AlertQueries(server);
  }

  /** Counts days of alerts that are settled; a background task. */
  public DayCounter dayCounter() {
    return dayCounter(DayCounter.QUIET);
  }

  /**
   * @param quiet how long nothing was written to a day that is counted
   */
  public DayCounter dayCounter(Duration quiet) {
    return new DayCounter(server, quiet);
  }

  public EventQueries eventQueries() {
    return new EventQueries(server);
  }

  public PipelineQueries pipelineQueries() {
    return new PipelineQueries(server);
  }

  public DeadLetterQueries deadLetterQueries() {
    return new DeadLetterQueries(server);
  }

  public LogSourceQueries logSourceQueries() {
    return new LogSourceQueries(server);
  }

  public TenantData tenantData() {
    return new TenantData(server);
  }

  /** Closes connections; writers and queries of this store fail from now on. */
  @Override
  public void close() {
    server.close();
  }
}

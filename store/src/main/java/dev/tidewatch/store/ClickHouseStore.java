package dev.tidewatch.store;

import java.time.Duration;

/**
 * A connection to one ClickHouse database: migrations, writers and queries. Thread-safe; opened
 * lazily, so that a store can be made while ClickHouse is down.
 */
public final class ClickHouseStore implements AutoCloseable {
  private ClickHouseStore() {}

  public static ClickHouseStore connect(ClickHouseEndpoint endpoint) {
    return connect(endpoint, StoreOptions.defaults());
  }

  public static ClickHouseStore connect(ClickHouseEndpoint endpoint, StoreOptions options) {
    throw new UnsupportedOperationException();
  }

  /**
   * Creates the database and brings its tables up to date. Repeating it, also from several
   * processes at once, is harmless.
   *
   * @throws MigrationRefusedException when a migration that was applied has changed since
   * @throws StoreUnavailableException retry
   */
  public AppliedMigrations migrate() {
    throw new UnsupportedOperationException();
  }

  /**
   * Round trip of a trivial query.
   *
   * @throws StoreUnavailableException within the connect timeout (2 s) when nothing listens
   */
  public Duration ping() {
    throw new UnsupportedOperationException();
  }

  /** A new writer with its own buffer. */
  public EventWriter eventWriter() {
    throw new UnsupportedOperationException();
  }

  /** A new writer with its own buffer. */
  public AlertWriter alertWriter() {
    throw new UnsupportedOperationException();
  }

  /** A new writer with its own buffer. */
  public DeadLetterWriter deadLetterWriter() {
    throw new UnsupportedOperationException();
  }

  public AlertQueries alertQueries() {
    throw new UnsupportedOperationException();
  }

  public EventQueries eventQueries() {
    throw new UnsupportedOperationException();
  }

  public PipelineQueries pipelineQueries() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}

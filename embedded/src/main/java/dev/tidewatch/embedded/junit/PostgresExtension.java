package dev.tidewatch.embedded.junit;

import dev.tidewatch.embedded.EmbeddedPostgres;

/** Runs an {@link EmbeddedPostgres} for a test class. */
public final class PostgresExtension extends ServerExtension<EmbeddedPostgres> {
  public PostgresExtension() {
    super("postgres", data -> EmbeddedPostgres.start(data, 0));
  }

  /** The running server; a test may stop and start it. */
  public EmbeddedPostgres postgres() {
    return server();
  }

  public String jdbcUrl() {
    return postgres().jdbcUrl();
  }
}

package dev.tidewatch.control.database;

import dev.tidewatch.embedded.EmbeddedPostgres;
import java.time.Duration;

/** A control database on a test's PostgreSQL. */
public final class LocalDatabases {
  private LocalDatabases() {}

  public static DatabaseOptions options(EmbeddedPostgres postgres) {
    String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/tidewatch";
    return LocalDatabase.prepare(postgres.jdbcUrl(), url);
  }

  public static ControlDatabase open(EmbeddedPostgres postgres) {
    return ControlDatabase.open(options(postgres));
  }

  /**
   * @param patience for a connection
   */
  public static ControlDatabase open(EmbeddedPostgres postgres, Duration patience) {
    DatabaseOptions options = options(postgres);
    return ControlDatabase.open(
        new DatabaseOptions(options.application(), options.owner(), 2, patience));
  }

  /** As the superuser, who stands above every policy. */
  public static String superuserUrl(EmbeddedPostgres postgres) {
    return postgres.jdbcUrl("tidewatch");
  }
}

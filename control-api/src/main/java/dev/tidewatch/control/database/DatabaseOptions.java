package dev.tidewatch.control.database;

import java.time.Duration;

/**
 * How control state is reached.
 *
 * @param application {@code control.database.url, .user, .password}: the role that the API works
 *     as; it must not own the tables, be a superuser or bypass row-level security
 * @param owner {@code control.database.owner-*}: the role that owns database and tables; only
 *     migrations use it
 * @param connections {@code control.database.connections}: at most; default 8
 * @param patience {@code control.database.patience}: for a free connection; default 5 s
 */
public record DatabaseOptions(
    DatabaseEndpoint application, DatabaseEndpoint owner, int connections, Duration patience) {
  public DatabaseOptions {
    if (application.user().equals(owner.user())) {
      throw new IllegalArgumentException(
          "control.database.user: must not be the owner, whom row-level security is not made for");
    }
    if (connections < 1 || connections > 200) {
      throw new IllegalArgumentException("control.database.connections: must be from 1 to 200");
    }
  }

  public static DatabaseOptions of(DatabaseEndpoint application, DatabaseEndpoint owner) {
    return new DatabaseOptions(application, owner, 8, Duration.ofSeconds(5));
  }
}

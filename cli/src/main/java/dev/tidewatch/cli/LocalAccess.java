package dev.tidewatch.cli;

import dev.tidewatch.control.AccessOptions;
import dev.tidewatch.control.LocalOperator;
import dev.tidewatch.control.database.DatabaseEndpoint;
import dev.tidewatch.control.database.DatabaseOptions;
import dev.tidewatch.control.database.LocalDatabase;
import dev.tidewatch.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Who is let in on this machine: the control database, ready, with its first operator.
 *
 * @param options for the control API
 * @param where the database is, for people
 * @param password of the operator {@code admin}, when it was made now
 */
record LocalAccess(AccessOptions.Required options, String where, Optional<String> password) {
  private static final String SIGNING_KEY = "audit-signing.key";

  /** On a PostgreSQL of this process. */
  static LocalAccess on(EmbeddedPostgres postgres, Path data) {
    String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/tidewatch";
    return prepared(LocalDatabase.prepare(postgres.jdbcUrl(), url), data);
  }

  /** On the PostgreSQL that the options name; passwords come from the environment. */
  static LocalAccess on(Ports ports, Path data) {
    DatabaseEndpoint application =
        endpoint(ports.database, ports.databaseUser, "TIDEWATCH_DATABASE_PASSWORD");
    DatabaseEndpoint owner =
        endpoint(ports.database, ports.databaseOwner, "TIDEWATCH_DATABASE_OWNER_PASSWORD");
    return prepared(DatabaseOptions.of(application, owner), data);
  }

  private static DatabaseEndpoint endpoint(String url, String user, String variable) {
    String password = System.getenv(variable);
    try {
      return new DatabaseEndpoint(url, user, password == null ? "" : password);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(Tidewatch.USAGE, "--database-url " + e.getMessage());
    }
  }

  private static LocalAccess prepared(DatabaseOptions database, Path data) {
    Optional<String> password = LocalOperator.prepare(database, data, Clock.systemUTC());
    AccessOptions.Required options = AccessOptions.required(database, data.resolve(SIGNING_KEY));
    return new LocalAccess(options, database.application().toString(), password);
  }
}

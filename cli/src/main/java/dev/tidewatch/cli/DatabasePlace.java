package dev.tidewatch.cli;

import dev.tidewatch.control.database.DatabaseEndpoint;
import dev.tidewatch.control.database.DatabaseOptions;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The control database of a part that runs alone. */
final class DatabasePlace {
  @Option(
      names = "--database-url",
      defaultValue = "",
      paramLabel = "URL",
      description = {
        "The control database, jdbc:postgresql://host/database: its tenants, tokens, quotas, keys and",
        "commands count then. Passwords: $$TIDEWATCH_DATABASE_PASSWORD, $$TIDEWATCH_DATABASE_OWNER_PASSWORD."
      })
  String url = "";

  @Option(
      names = "--database-user",
      defaultValue = "tidewatch_app",
      paramLabel = "NAME",
      description = "Role to work as; owns nothing. Default: ${DEFAULT-VALUE}.")
  String user = "tidewatch_app";

  @Option(
      names = "--database-owner",
      defaultValue = "tidewatch_owner",
      paramLabel = "NAME",
      description = "Role that owns the database; migrates it. Default: ${DEFAULT-VALUE}.")
  String owner = "tidewatch_owner";

  /** Empty when none is named. */
  Optional<DatabaseOptions> options() {
    return url.isEmpty()
        ? Optional.empty()
        : Optional.of(
            DatabaseOptions.of(
                endpoint(user, "TIDEWATCH_DATABASE_PASSWORD"),
                endpoint(owner, "TIDEWATCH_DATABASE_OWNER_PASSWORD")));
  }

  private DatabaseEndpoint endpoint(String role, String variable) {
    String password = System.getenv(variable);
    try {
      return new DatabaseEndpoint(url, role, password == null ? "" : password);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(Tidewatch.USAGE, "--database-url " + e.getMessage());
    }
  }
}

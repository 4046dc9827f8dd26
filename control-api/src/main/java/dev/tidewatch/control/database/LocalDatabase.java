package dev.tidewatch.control.database;

import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes the database {@code tidewatch} with its two roles on a server of one's own, such as the
 * embedded one. On a shared server its administrator does this, once:
 *
 * <pre>CREATE ROLE tidewatch_owner LOGIN; CREATE ROLE tidewatch_app LOGIN;
 * CREATE DATABASE tidewatch OWNER tidewatch_owner;</pre>
 */
public final class LocalDatabase {
  private static final String DATABASE = "tidewatch";
  private static final String OWNER = "tidewatch_owner";
  private static final String APPLICATION = "tidewatch_app";

  private LocalDatabase() {}

  /**
   * Creates what is missing; repeating it is harmless.
   *
   * @param superuserUrl of the server's database {@code postgres}, with user
   * @param url of the database {@code tidewatch}, without user
   */
  public static DatabaseOptions prepare(String superuserUrl, String url) {
    try (Handle handle = Jdbi.create(superuserUrl).open()) {
      for (String role : new String[] {OWNER, APPLICATION}) {
        if (isMissing(handle, "SELECT 1 FROM pg_roles WHERE rolname = :name", role)) {
          handle.execute("CREATE ROLE " + role + " LOGIN");
        }
      }
      if (isMissing(handle, "SELECT 1 FROM pg_database WHERE datname = :name", DATABASE)) {
        handle.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
      }
    }
    return DatabaseOptions.of(
        new DatabaseEndpoint(url, APPLICATION, ""), new DatabaseEndpoint(url, OWNER, ""));
  }

  private static boolean isMissing(Handle handle, String sql, String name) {
    return handle
        .createQuery(sql)
        .bindMap(Map.of("name", name))
        .mapTo(Integer.class)
        .findOne()
        .isEmpty();
  }
}

package dev.tidewatch.control.database;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes the database {@code tidewatch} with its two roles on a server of one's own, such as the
 * embedded one. On a shared server its administrator does this, once:
 *
 * <pre>
 * CREATE ROLE tidewatch_owner LOGIN PASSWORD '…'; CREATE ROLE tidewatch_app LOGIN PASSWORD '…';
 * CREATE DATABASE tidewatch OWNER tidewatch_owner;</pre>
 *
 * <p>The roles' passwords are derived from the superuser's, so that there is one secret to keep.
 */
public final class LocalDatabase {
  private static final String DATABASE = "tidewatch";
  private static final String OWNER = "tidewatch_owner";
  private static final String APPLICATION = "tidewatch_app";
  private static final Pattern PASSWORD = Pattern.compile("[?&]password=([0-9A-Za-z]+)");

  private LocalDatabase() {}

  /**
   * Creates what is missing; repeating it is harmless.
   *
   * @param superuserUrl of the server's database {@code postgres}, with user and password
   * @param url of the database {@code tidewatch}, without user
   */
  public static DatabaseOptions prepare(String superuserUrl, String url) {
    try (Handle handle = Jdbi.create(superuserUrl).open()) {
      for (String role : new String[] {OWNER, APPLICATION}) {
        if (isMissing(handle, "SELECT 1 FROM pg_roles WHERE rolname = :name", role)) {
          handle.execute("CREATE ROLE " + role + " LOGIN");
        }
        // Hexadecimal digits: nothing to be quoted.
        handle.execute("ALTER ROLE " + role + " PASSWORD '" + password(superuserUrl, role) + "'");
      }
      if (isMissing(handle, "SELECT 1 FROM pg_database WHERE datname = :name", DATABASE)) {
        handle.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
      }
    }
    return DatabaseOptions.of(
        new DatabaseEndpoint(url, APPLICATION, password(superuserUrl, APPLICATION)),
        new DatabaseEndpoint(url, OWNER, password(superuserUrl, OWNER)));
  }

  private static String password(String superuserUrl, String role) {
    Matcher password = PASSWORD.matcher(superuserUrl);
    if (!password.find()) {
      throw new IllegalArgumentException("the superuser's URL must have a password");
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(password.group(1).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(role.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
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

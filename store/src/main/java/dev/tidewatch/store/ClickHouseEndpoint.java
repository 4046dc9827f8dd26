package dev.tidewatch.store;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * Where ClickHouse listens.
 *
 * @param url HTTP endpoint, e.g. {@code http://127.0.0.1:8123}
 * @param database {@code tidewatch} unless a test wants its own; letters, digits and underscores
 */
public record ClickHouseEndpoint(String url, String user, String password, String database)
    implements Serializable {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

  public ClickHouseEndpoint {
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw new IllegalArgumentException(
          "the ClickHouse URL must begin with http:// or https://, not: " + url);
    }
    requireIdentifier("database", database);
  }

  public static ClickHouseEndpoint of(String url) {
    return new ClickHouseEndpoint(url, "default", "", "tidewatch");
  }

  public ClickHouseEndpoint withDatabase(String name) {
    return new ClickHouseEndpoint(url, user, password, name);
  }

  /** Without the password: endpoints are logged. */
  @Override
  public String toString() {
    return url + "/" + database + " as " + user;
  }

  /** Names that stand in SQL text, where no query parameter can. */
  static String requireIdentifier(String what, String name) {
    if (!IDENTIFIER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what + " must be letters, digits and underscores, not: " + name);
    }
    return name;
  }
}

package dev.tidewatch.control.database;

/**
 * A PostgreSQL database and who to be there.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param user whose rights to have
 * @param password empty where the server asks for none
 */
public record DatabaseEndpoint(String url, String user, String password) {
  public DatabaseEndpoint {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("must be a jdbc:postgresql: URL");
    }
    if (user.isBlank()) {
      throw new IllegalArgumentException("must name a user");
    }
  }

  /** Without the password, and without the URL's parameters, which may hold one. */
  @Override
  public String toString() {
    int parameters = url.indexOf('?');
    return user + " at " + (parameters < 0 ? url : url.substring(0, parameters));
  }
}

package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Who asks: from {@code X-ClickHouse-User/Key}, Basic authorization, or the URL, in this order. */
record Credentials(String user, String password) {
  static Credentials of(Headers headers, RequestParameters parameters) {
    String user = headers.getFirst("X-ClickHouse-User");
    if (user != null) {
      return new Credentials(user, orEmpty(headers.getFirst("X-ClickHouse-Key")));
    }
    String authorization = headers.getFirst("Authorization");
    if (authorization != null) {
      return basic(authorization);
    }
    String named = parameters.get("user");
    return new Credentials(named == null ? "default" : named, orEmpty(parameters.get("password")));
  }

  private static Credentials basic(String authorization) {
    try {
      if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
        String pair =
            new String(Base64.getDecoder().decode(authorization.substring(6).strip()), UTF_8);
        int colon = pair.indexOf(':');
        if (colon >= 0) {
          return new Credentials(pair.substring(0, colon), pair.substring(colon + 1));
        }
      }
    } catch (IllegalArgumentException e) {
      // Falls through: not Base64.
    }
    throw ClickHouseException.of(
        ClickHouseException.AUTHENTICATION_FAILED,
        "AUTHENTICATION_FAILED",
        "Invalid authentication: only Basic is understood");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * @throws ClickHouseException unless user and password are the expected ones; compares in
   *     constant time
   */
  void require(String expectedUser, String expectedPassword) {
    boolean right =
        MessageDigest.isEqual(user.getBytes(UTF_8), expectedUser.getBytes(UTF_8))
            & MessageDigest.isEqual(password.getBytes(UTF_8), expectedPassword.getBytes(UTF_8));
    if (!right) {
      throw ClickHouseException.of(
          ClickHouseException.AUTHENTICATION_FAILED,
          "AUTHENTICATION_FAILED",
          user
              + ": Authentication failed: password is incorrect, or there is no user with such"
              + " name.");
    }
  }
}

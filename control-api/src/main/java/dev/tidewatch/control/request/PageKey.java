package dev.tidewatch.control.request;

import dev.tidewatch.store.InvalidPageTokenException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Page tokens of lists that are ordered by one key: the key of the last that was listed. */
public final class PageKey {
  private PageKey() {}

  public static String of(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }

  public static String of(long last) {
    return of(Long.toString(last));
  }

  /**
   * The key in {@code token}; empty for the first page.
   *
   * @throws InvalidPageTokenException when it is no token
   */
  public static String text(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.length() > 1_000 || text.indexOf('\0') >= 0) {
        throw new InvalidPageTokenException(token);
      }
      return text;
    } catch (IllegalArgumentException notBase64) {
      throw new InvalidPageTokenException(token);
    }
  }

  /** The number in {@code token}, {@code first} for the first page. */
  public static long number(String token, long first) {
    if (token.isEmpty()) {
      return first;
    }
    try {
      return Long.parseLong(text(token));
    } catch (NumberFormatException e) {
      throw new InvalidPageTokenException(token);
    }
  }
}

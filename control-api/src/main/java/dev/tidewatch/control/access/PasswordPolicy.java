package dev.tidewatch.control.access;

import dev.tidewatch.control.request.FieldChecks;
import java.util.Locale;
import java.util.Set;

/**
 * What a password must be: long, and not among what is tried first (NIST SP 800-63B, 5.1.1.2). No
 * rules of digits and signs: they make passwords worse.
 */
public final class PasswordPolicy {
  private static final int FEWEST_CHARACTERS = 5;

  /** What people take when twelve characters are asked for. */
  private static final Set<String> STEMS =
      Set.of(
          "password",
          "passwort",
          "passw0rd",
          "qwertyuiop",
          "qwertzuiop",
          "letmein",
          "welcome",
          "changeme",
          "iloveyou",
          "abcdefghijkl",
          "administrator",
          "tidewatch",
          "12345678");

  private PasswordPolicy() {}

  /**
   * @param field of the request, for the violation
   * @param user whose it is to be
   */
  public static FieldChecks check(FieldChecks checks, String field, String password, String user) {
    String plain = password.toLowerCase(Locale.ROOT);
    return checks
        .require(
            password.length() >= Passwords.SHORTEST && password.length() <= Passwords.LONGEST,
            field,
            "must have " + Passwords.SHORTEST + " to " + Passwords.LONGEST + " characters")
        .require(
            plain.chars().distinct().count() >= FEWEST_CHARACTERS && !isCommon(plain),
            field,
            "must not be one that is tried first, such as a common word with a number behind it")
        .require(
            user.length() < 3 || !plain.contains(user.toLowerCase(Locale.ROOT)),
            field,
            "must not hold the user's name");
  }

  /** A common word, perhaps twice, and little else. */
  private static boolean isCommon(String plain) {
    return STEMS.stream()
        .anyMatch(stem -> plain.replace(stem, "").length() < 6 && plain.contains(stem));
  }
}

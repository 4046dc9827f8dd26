package dev.tidewatch.agent.enroll;

import java.util.Base64;

/**
 * A one-time token as a person copies it: {@code tw1.SECRET.PIN}.
 *
 * @param text the whole token
 * @param pin SHA-256 of the certificate of the gateway's authority
 */
@SuppressWarnings("ArrayRecordComponent")
public record EnrollmentToken(String text, byte[] pin) {
  private static final int BYTES = 32;

  /**
   * @throws IllegalArgumentException when it is none, without repeating it
   */
  public static EnrollmentToken parse(String text) {
    String[] parts = text.strip().split("\\.", -1);
    if (parts.length != 3 || !parts[0].equals("tw1")) {
      throw new IllegalArgumentException(
          "no enrolment token: it has the form tw1.SECRET.PIN; copy it whole");
    }
    byte[] secret = bytes(parts[1]);
    byte[] pin = bytes(parts[2]);
    if (secret.length != BYTES || pin.length != BYTES) {
      throw new IllegalArgumentException("the enrolment token is cut off: copy it whole");
    }
    return new EnrollmentToken(text.strip(), pin);
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the enrolment token is damaged: copy it whole", e);
    }
  }

  /** Not the secret. */
  @Override
  public String toString() {
    return "enrolment token";
  }
}

package dev.tidewatch.control.access;

/** A sign-in at the issuer that comes to nothing. */
final class OidcFailureException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the console is told; more would help nobody but those who guess. */
  enum Reason {
    /** It was not begun in this browser, or too long ago. */
    STATE,
    /** The issuer refused, or cannot be reached. */
    ISSUER,
    /** What the issuer says cannot be trusted. */
    TOKEN,
    /** The user has no access here. */
    ACCESS
  }

  private final Reason reason;

  OidcFailureException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}

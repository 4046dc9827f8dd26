package dev.tidewatch.agent.respond;

/** A command that is not carried out, or could not be. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final boolean tried;

  private Refused(String code, String message, boolean tried) {
    super(message);
    this.code = code;
    this.tried = tried;
  }

  /** Must not be done. */
  static Refused because(String code, String message) {
    return new Refused(code, message, false);
  }

  /** May be done, but it did not work. */
  static Refused failed(String code, String message) {
    return new Refused(code, message, true);
  }

  /** Stable, for programs. */
  String code() {
    return code;
  }

  boolean wasTried() {
    return tried;
  }
}

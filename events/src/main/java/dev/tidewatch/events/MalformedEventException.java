package dev.tidewatch.events;

/** A payload that cannot be read as an event. The message says what is wrong and at which byte. */
public final class MalformedEventException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  public MalformedEventException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** Stable code of the dead letter, e.g. {@code TW-E4001}. */
  public String code() {
    return code;
  }
}

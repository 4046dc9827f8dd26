package dev.tidewatch.agent.release;

/** What was asked for cannot be done; the message says why and what to do. */
public final class ReleaseException extends Exception {
  private static final long serialVersionUID = 1L;

  public ReleaseException(String message) {
    super(message);
  }
}

package dev.tidewatch.embedded;

/**
 * An embedded server could not be started, stopped or reached. The message is one line for the
 * person at the terminal: what failed, where, and what to do.
 */
public class EmbeddedServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EmbeddedServerException(String message) {
    super(message);
  }

  public EmbeddedServerException(String message, Throwable cause) {
    super(message, cause);
  }
}

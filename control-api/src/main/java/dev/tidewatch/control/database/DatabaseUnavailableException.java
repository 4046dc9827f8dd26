package dev.tidewatch.control.database;

/**
 * PostgreSQL does not answer, or was lost in the middle; nothing was changed, or it is not known.
 */
public final class DatabaseUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}

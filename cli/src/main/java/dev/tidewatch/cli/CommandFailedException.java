package dev.tidewatch.cli;

/**
 * A command cannot do what it was asked for; the message is for the user, one line, with the
 * remedy.
 */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  CommandFailedException(String message) {
    this(Tidewatch.FAILED, message);
  }

  CommandFailedException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}

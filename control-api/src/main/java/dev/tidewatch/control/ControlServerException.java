package dev.tidewatch.control;

/** The control API could not start. The message says why, and names the option to change. */
public final class ControlServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ControlServerException(String message, Throwable cause) {
    super(message, cause);
  }

  static ControlServerException of(ControlOptions options, Throwable cause) {
    return new ControlServerException(
        "control.port: cannot listen on %s:%d: %s"
            .formatted(options.bindAddress(), options.port(), reason(cause)),
        cause);
  }

  /** The control database cannot be used; the cause's message names the option. */
  static ControlServerException of(RuntimeException cause) {
    return new ControlServerException(cause.getMessage() + ": " + reason(cause), cause);
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}

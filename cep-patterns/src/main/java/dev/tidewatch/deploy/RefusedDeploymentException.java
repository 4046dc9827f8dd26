package dev.tidewatch.deploy;

/** A change that cannot be made; the message says why, in one line. */
public final class RefusedDeploymentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedDeploymentException(String message) {
    super(message);
  }
}

package dev.tidewatch.deploy;

/** Someone else deployed at the same moment; nothing was written. The change may be made again. */
public final class DeploymentConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeploymentConflictException(String message) {
    super(message);
  }

  DeploymentConflictException(Throwable cause) {
    super("someone else deployed at the same moment; nothing was written: try again", cause);
  }
}

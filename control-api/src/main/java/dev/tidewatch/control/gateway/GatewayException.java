package dev.tidewatch.control.gateway;

/** The gateway cannot start; the message says why and what to do. */
public final class GatewayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GatewayException(String message, Throwable cause) {
    super(message, cause);
  }
}

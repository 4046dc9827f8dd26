package dev.tidewatch.control.gateway.ingest;

/** Kafka did not take events in time; the sender should send them again, with the same ids. */
public final class IngestFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public IngestFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}

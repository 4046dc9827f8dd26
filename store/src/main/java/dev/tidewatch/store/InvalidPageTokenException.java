package dev.tidewatch.store;

/** A page token or cursor that this store did not hand out (for this kind of query). */
public final class InvalidPageTokenException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidPageTokenException(String message) {
    super(message);
  }
}

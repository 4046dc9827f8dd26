package dev.tidewatch.store;

import org.jspecify.annotations.Nullable;

/**
 * ClickHouse cannot be reached, is overloaded, out of memory or disk, or not set up yet. The same
 * request succeeds once that is over: keep the data and retry.
 */
public final class StoreUnavailableException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message, int code, @Nullable Throwable cause) {
    super(message, code, cause);
  }
}

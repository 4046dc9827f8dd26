package dev.tidewatch.store;

import org.jspecify.annotations.Nullable;

/** ClickHouse refused the request itself; sending the same again will be refused again. */
public final class StoreRejectedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreRejectedException(String message, int code, @Nullable Throwable cause) {
    super(message, code, cause);
  }
}

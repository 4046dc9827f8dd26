package dev.tidewatch.store;

import org.jspecify.annotations.Nullable;

/** ClickHouse did not do what was asked. The subclass says whether asking again can help. */
public abstract sealed class StoreException extends RuntimeException
    permits StoreUnavailableException, StoreRejectedException {
  private static final long serialVersionUID = 1L;

  /** No answer from the server, so no code of its own. */
  public static final int NO_CODE = 0;

  private final int code;

  StoreException(String message, int code, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** ClickHouse's error code (e.g. 241 MEMORY_LIMIT_EXCEEDED), {@link #NO_CODE} without one. */
  public int code() {
    return code;
  }
}

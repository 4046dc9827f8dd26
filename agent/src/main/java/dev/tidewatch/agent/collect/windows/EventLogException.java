package dev.tidewatch.agent.collect.windows;

import java.io.IOException;

/** Windows refuses something. */
final class EventLogException extends IOException {
  static final int ACCESS_DENIED = 5;
  static final int INSUFFICIENT_BUFFER = 122;
  static final int NO_MORE_ITEMS = 259;
  static final int TIMEOUT = 1460;
  static final int CHANNEL_NOT_FOUND = 15007;
  static final int QUERY_RESULT_STALE = 15011;

  /** Not of Windows: an event beyond our own limit. */
  static final int TOO_LARGE = -1;

  private static final long serialVersionUID = 1;

  private final int code;

  EventLogException(String what, int code) {
    super(what + ": " + meaning(code));
    this.code = code;
  }

  private static String meaning(int code) {
    return switch (code) {
      case ACCESS_DENIED -> "access is denied; run the agent as LocalSystem";
      case CHANNEL_NOT_FOUND -> "there is no such channel here";
      case QUERY_RESULT_STALE -> "the log was cleared or overwritten while it was read";
      case TOO_LARGE -> "larger than limits.max-event-bytes";
      default -> "error " + code;
    };
  }

  /** As Windows numbers its errors. */
  int code() {
    return code;
  }
}

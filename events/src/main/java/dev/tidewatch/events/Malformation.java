package dev.tidewatch.events;

/**
 * Everything that can be wrong with a record so that it becomes a dead letter. Codes are stable and
 * documented in {@code docs/reference/dead-letters.md}.
 */
public enum Malformation {
  NOT_A_TELEMETRY_EVENT("TW-E4001"),
  NO_TENANT("TW-E4002"),
  EVENT_ID_LENGTH("TW-E4003"),
  PAYLOAD_EMPTY("TW-E4004"),
  PAYLOAD_TOO_LARGE("TW-E4005"),
  PAYLOAD_NOT_JSON("TW-E4006"),
  PAYLOAD_NOT_AN_OBJECT("TW-E4007"),
  PAYLOAD_TOO_DEEP("TW-E4008"),
  PAYLOAD_TOO_COMPLEX("TW-E4009"),
  PAYLOAD_TRAILING_DATA("TW-E4010"),
  SEVERAL_EVENTS("TW-E4011"),
  PAYLOAD_NOT_UTF_8("TW-E4012");

  private final String code;

  Malformation(String code) {
    this.code = code;
  }

  /** Stable code, e.g. {@code TW-E4001}. */
  public String code() {
    return code;
  }

  MalformedEventException because(String message) {
    return new MalformedEventException(code, message);
  }
}

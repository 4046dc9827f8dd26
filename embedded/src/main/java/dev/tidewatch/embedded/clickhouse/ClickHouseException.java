package dev.tidewatch.embedded.clickhouse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer of the engine or the front that clients know by its ClickHouse error code. */
final class ClickHouseException extends RuntimeException {
  static final int CANNOT_READ_ALL_DATA = 33;
  static final int BAD_ARGUMENTS = 36;
  static final int CHECKSUM_DOESNT_MATCH = 40;
  static final int SYNTAX_ERROR = 62;
  static final int UNKNOWN_COMPRESSION_METHOD = 89;
  static final int UNKNOWN_SETTING = 115;
  static final int TOO_LARGE_SIZE_COMPRESSED = 131;
  static final int TOO_MANY_SIMULTANEOUS_QUERIES = 202;
  static final int ABORTED = 236;
  static final int QUERY_IS_TOO_LARGE = 256;
  static final int SUPPORT_IS_DISABLED = 344;
  static final int SESSION_NOT_FOUND = 372;
  static final int SESSION_IS_LOCKED = 373;
  static final int UNKNOWN_ROLE = 511;
  static final int AUTHENTICATION_FAILED = 516;
  static final int UNKNOWN_EXCEPTION = 1002;

  private static final long serialVersionUID = 1L;
  private static final Pattern CODE = Pattern.compile("Code: (\\d{1,5})\\.");

  private final int code;

  private ClickHouseException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** A refusal of the front, worded as the server words its own. */
  static ClickHouseException of(int code, String name, String message) {
    return new ClickHouseException(
        code, "Code: " + code + ". DB::Exception: " + message + " (" + name + ")");
  }

  /** The engine's own words, which begin with {@code Code: n.}. */
  static ClickHouseException fromEngine(String message) {
    Matcher matcher = CODE.matcher(message);
    return matcher.find()
        ? new ClickHouseException(Integer.parseInt(matcher.group(1)), message.strip())
        : of(UNKNOWN_EXCEPTION, "UNKNOWN_EXCEPTION", message.strip());
  }

  int code() {
    return code;
  }

  /** The HTTP status that the server gives for the code. */
  int httpStatus() {
    return switch (code) {
      case 194 -> 401;
      case 192, 193, 497, AUTHENTICATION_FAILED, UNKNOWN_ROLE -> 403;
      case 46, 47, 50, 56, 60, 63, 73, 81, UNKNOWN_SETTING, SESSION_NOT_FOUND -> 404;
      case 6,
          25,
          26,
          27,
          CANNOT_READ_ALL_DATA,
          BAD_ARGUMENTS,
          38,
          CHECKSUM_DOESNT_MATCH,
          41,
          43,
          53,
          57,
          SYNTAX_ERROR,
          69,
          70,
          72,
          UNKNOWN_COMPRESSION_METHOD,
          117,
          164,
          SUPPORT_IS_DISABLED,
          456,
          457 ->
          400;
      case 159 -> 408;
      case TOO_LARGE_SIZE_COMPRESSED, QUERY_IS_TOO_LARGE -> 413;
      case 48 -> 501;
      case TOO_MANY_SIMULTANEOUS_QUERIES -> 503;
      default -> 500;
    };
  }
}

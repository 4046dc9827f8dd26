package dev.tidewatch.embedded.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL's parameters, sorted: those of the HTTP protocol, values for placeholders ({@code
 * param_x}), and ClickHouse settings (all others).
 */
final class RequestParameters {
  private static final String PLACEHOLDER = "param_";
  private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,199}");
  private static final Set<String> PROTOCOL =
      Set.of(
          "query",
          "database",
          "default_format",
          "user",
          "password",
          "quota_key",
          "query_id",
          "session_id",
          "session_timeout",
          "session_check",
          "close_session",
          "compress",
          "decompress",
          "buffer_size",
          "wait_end_of_query",
          "role",
          "stacktrace",
          "client_protocol_version",
          "enable_http_compression",
          "http_zlib_compression_level",
          "add_http_cors_header");

  private final Map<String, String> protocol = new LinkedHashMap<>();
  private final Map<String, String> placeholders = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();

  /**
   * @param rawQuery the URL behind {@code ?}, or null
   * @throws ClickHouseException for a broken escape or a name that cannot be a setting's
   */
  static RequestParameters parse(@Nullable String rawQuery) {
    RequestParameters parameters = new RequestParameters();
    if (rawQuery == null) {
      return parameters;
    }
    for (String pair : rawQuery.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        parameters.add(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw ClickHouseException.of(
          ClickHouseException.BAD_ARGUMENTS,
          "BAD_ARGUMENTS",
          "Broken URL escape: " + e.getMessage());
    }
  }

  /** One parameter, from the URL or from a form field. */
  void add(String name, String value) {
    if (name.startsWith(PLACEHOLDER)) {
      placeholders.put(name.substring(PLACEHOLDER.length()), value);
    } else if (PROTOCOL.contains(name)) {
      protocol.put(name, value);
    } else if (SETTING_NAME.matcher(name).matches()) {
      settings.put(name, value);
    } else {
      throw ClickHouseException.of(
          ClickHouseException.UNKNOWN_SETTING, "UNKNOWN_SETTING", "Unknown setting '" + name + "'");
    }
  }

  /** A parameter of the HTTP protocol; null when absent or empty. */
  @Nullable String get(String name) {
    String value = protocol.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  boolean isSet(String name) {
    return "1".equals(protocol.get(name)) || "true".equals(protocol.get(name));
  }

  int number(String name, int least, int most, int otherwise) {
    String value = get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Math.max(least, Math.min(most, Integer.parseInt(value)));
    } catch (NumberFormatException e) {
      throw ClickHouseException.of(
          ClickHouseException.BAD_ARGUMENTS, "BAD_ARGUMENTS", name + " is no number: " + value);
    }
  }

  Map<String, String> placeholders() {
    return placeholders;
  }

  Map<String, String> settings() {
    return settings;
  }
}
